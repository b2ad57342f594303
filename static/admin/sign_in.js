// Signs the user of a screen in again without leaving it.
import { element, one, post } from "./dom.js";

const SIGN_IN = "/admin/sign-in";
const PATIENCE = 30_000;
const { email: known = "" } = document.body.dataset;
let isOpen = false;

const field = (label, properties) => {
  const input = element("input", { required: true, ...properties });
  return [element("div", { className: "field" }, element("label", { htmlFor: properties.id }, label), input), input];
};

// What the sign-in page would say, in a sentence; empty when the password was right.
async function signIn(email, password) {
  const form = new URLSearchParams({ email, password });
  let response;
  try {
    response = await post(SIGN_IN, form, { headers: { "x-submit": "script" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return "The server did not answer. Try again.";
  }
  if (response.headers.has("x-location")) return "";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = one(".error-summary p, .error-summary li", page)?.textContent.replace(/\s+/g, " ").trim();
  return said || "You could not be signed in. Try again.";
}

// Asks for the password in a dialog; whether the user is signed in then. `why` says what happened.
export async function askToSignIn(why) {
  if (isOpen) return false;
  isOpen = true;
  const [emailField, email] = field("E-mail address", { id: "_again-email", type: "email", autocomplete: "username", value: known, readOnly: Boolean(known) });
  const [passwordField, password] = field("Password", { id: "_again-password", type: "password", autocomplete: "current-password", autofocus: Boolean(known) });
  const title = element("h2", { id: "_again" }, "Sign in again");
  const reason = element("p", { id: "_again-why" }, `${why} What you typed is still here.`.trim());
  const fault = element("p", { className: "field-error", hidden: true });
  fault.setAttribute("role", "alert");
  const cancel = element("button", { type: "button", className: "button" }, "Cancel");
  const submit = element("button", { className: "button primary" }, "Sign in");
  const form = element("form", { noValidate: true }, title, reason, fault, emailField, passwordField, element("div", { className: "form-actions" }, cancel, submit));
  const dialog = element("dialog", {}, form);
  dialog.setAttribute("aria-labelledby", "_again");
  dialog.setAttribute("aria-describedby", "_again-why");
  document.body.append(dialog);
  dialog.showModal();
  let isBusy = false;
  let isIn = false;
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    submit.setAttribute("aria-disabled", "true");
    const said = await signIn(email.value, password.value);
    isBusy = false;
    submit.removeAttribute("aria-disabled");
    isIn = !said;
    if (isIn) return dialog.close();
    fault.textContent = said;
    fault.hidden = false;
    password.select();
    password.focus();
  });
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      isOpen = false;
      dialog.remove();
      resolve(isIn);
    });
  });
}
