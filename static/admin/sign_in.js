// Signs the user of a screen in again without leaving it.
import { element, one, post } from "./dom.js";
import { canUse, explain, find } from "./passkey.js";

const SIGN_IN = "/admin/sign-in";
const CODE = "/admin/sign-in/code";
const PASSKEY = "/admin/sign-in/passkey";
const PATIENCE = 30_000;
const { email: known = "" } = document.body.dataset;
let isOpen = false;

const field = (label, properties) => {
  const input = element("input", { required: true, ...properties });
  return [element("div", { className: "field" }, element("label", { htmlFor: properties.id }, label), input), input];
};

// Sends what was typed: where it leads, or else what the page says about it, in a sentence.
async function send(path, fields) {
  let response;
  try {
    response = await post(path, new URLSearchParams(fields), { headers: { "x-submit": "script" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return { said: "The server did not answer. Try again." };
  }
  const leadsTo = response.headers.get("x-location");
  if (leadsTo) return { leadsTo };
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = one(".error-summary p, .error-summary li", page)?.textContent.replace(/\s+/g, " ").trim();
  return { said: said || "You could not be signed in. Try again." };
}

// Asks for the password in a dialog, and for a code if the account wants one, or for a passkey; whether the user is signed in then. `why` says what happened.
export async function askToSignIn(why) {
  if (isOpen) return false;
  isOpen = true;
  const [emailField, email] = field("E-mail address", { id: "_again-email", type: "email", autocomplete: "username", value: known, readOnly: Boolean(known) });
  const [passwordField, password] = field("Password", { id: "_again-password", type: "password", autocomplete: "current-password", autofocus: Boolean(known) });
  const [codeField, code] = field("Code from your app, or a recovery code", { id: "_again-code", autocomplete: "one-time-code", required: false });
  codeField.hidden = true;
  const title = element("h2", { id: "_again" }, "Sign in again");
  const reason = element("p", { id: "_again-why" }, `${why} What you typed is still here.`.trim());
  const fault = element("p", { className: "field-error", hidden: true });
  fault.setAttribute("role", "alert");
  const cancel = element("button", { type: "button", className: "button" }, "Cancel");
  const submit = element("button", { className: "button primary" }, "Sign in");
  const passkey = element("button", { type: "button", className: "button", hidden: !canUse }, "Use a passkey");
  const actions = element("div", { className: "form-actions" }, cancel, passkey, submit);
  const form = element("form", { noValidate: true }, title, reason, fault, emailField, passwordField, codeField, actions);
  const dialog = element("dialog", {}, form);
  dialog.setAttribute("aria-labelledby", "_again");
  dialog.setAttribute("aria-describedby", "_again-why");
  document.body.append(dialog);
  dialog.showModal();
  let isBusy = false;
  let isIn = false;
  cancel.addEventListener("click", () => dialog.close());
  passkey.addEventListener("click", async () => {
    if (isBusy) return;
    isBusy = true;
    fault.hidden = true;
    let sent;
    try {
      const answer = await find();
      // Without an answer the user is signed in by now.
      sent = answer ? await send(PASSKEY, { answer: JSON.stringify(answer) }) : { leadsTo: "/" };
    } catch (error) {
      sent = { said: explain(error) };
    }
    isBusy = false;
    isIn = Boolean(sent.leadsTo) && !sent.leadsTo.startsWith(SIGN_IN);
    if (isIn) return dialog.close();
    fault.textContent = sent.said;
    fault.hidden = false;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    submit.setAttribute("aria-disabled", "true");
    const asksForCode = !codeField.hidden;
    const { leadsTo, said } = asksForCode
      ? await send(CODE, { code: code.value })
      : await send(SIGN_IN, { email: email.value, password: password.value });
    isBusy = false;
    submit.removeAttribute("aria-disabled");
    const wantsCode = leadsTo === CODE;
    isIn = Boolean(leadsTo) && !wantsCode && !leadsTo.startsWith(SIGN_IN);
    if (isIn) return dialog.close();
    emailField.hidden = passwordField.hidden = wantsCode || (asksForCode && !leadsTo);
    codeField.hidden = !emailField.hidden;
    fault.textContent = said ?? (wantsCode ? "" : "That took too long. Enter your password again.");
    fault.hidden = !fault.textContent;
    const next = codeField.hidden ? password : code;
    next.select();
    next.focus();
  });
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      isOpen = false;
      dialog.remove();
      resolve(isIn);
    });
  });
}
