// Passkeys: asks the browser for a new one, or for one that it has, and sends its answer with a form.
import { all, one, post } from "./dom.js";

const CHALLENGE = "/admin/sign-in/passkey/challenge";
// The server takes an answer for five minutes.
const FRESH = 4 * 60_000;
const { PublicKeyCredential: Passkey } = window;
export const canUse = Boolean(Passkey?.parseCreationOptionsFromJSON && Passkey.parseRequestOptionsFromJSON);

const make = (options) => navigator.credentials.create({ publicKey: Passkey.parseCreationOptionsFromJSON(options) });
const get = (options, rest) => navigator.credentials.get({ publicKey: Passkey.parseRequestOptionsFromJSON(options), ...rest });

// The passkey that the browser offers in the field for the e-mail address waits; only one may.
let waiting;

// What the browser is to sign; nothing when the user is signed in by now.
async function challenge() {
  const response = await post(CHALLENGE, new URLSearchParams());
  if (response.status === 204) return;
  if (!response.ok) throw Object.assign(new Error(), { status: response.status });
  return response.json();
}

// Lets the user choose a passkey; nothing when they are signed in by now.
export async function find() {
  waiting?.abort();
  const options = await challenge();
  return options && get(options);
}

// Why there is no answer, in a sentence.
export function explain({ name, status }) {
  if (status === 404) return "This site has no passkeys.";
  if (status === 429) return "Too many requests from your network. Wait some minutes, or use your password.";
  if (name === "InvalidStateError") return "This device has a passkey for your account already.";
  if (name === "SecurityError") return "Passkeys work only at the address that is configured for this site.";
  return "Nothing was done. Try again, and unlock the passkey when your browser asks for it.";
}

function fill(form, field, answer) {
  one(`[name=${field}]`, form).value = JSON.stringify(answer);
  form.dataset.answered = "";
  form.requestSubmit();
}

// Asks, and sends the form with the answer; says in it why there is none.
async function ask(form, field, question) {
  const fault = one("[data-passkey-fault]", form);
  fault.hidden = true;
  try {
    const answer = await question();
    if (answer) fill(form, field, answer);
    else location.reload();
  } catch (error) {
    fault.textContent = explain(error);
    fault.hidden = false;
  }
}

// Before the other scripts, which would send the form.
function askBeforeSending(form, question) {
  form.addEventListener("submit", (event) => {
    if ("answered" in form.dataset) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, "answer", question);
  });
}

// Offers passkeys in the field for the e-mail address.
async function offer(form) {
  waiting?.abort();
  const { signal } = (waiting = new AbortController());
  try {
    const options = await challenge();
    if (options && !signal.aborted) fill(form, "answer", await get(options, { mediation: "conditional", signal }));
  } catch {
    // The button is still there.
  }
}

async function keepOffering(form) {
  if (!(await Passkey.isConditionalMediationAvailable?.())) return;
  let asked = 0;
  const renew = () => {
    if (document.visibilityState !== "visible" || Date.now() - asked < FRESH) return;
    asked = Date.now();
    offer(form);
  };
  renew();
  setInterval(renew, FRESH);
  document.addEventListener("visibilitychange", renew);
}

for (const form of all("form[data-passkey-new]")) {
  const fault = one("[data-passkey-fault]", form);
  fault.hidden = canUse;
  fault.textContent = "This browser knows no passkeys, or the address of this page is not secure (https).";
  if (canUse) askBeforeSending(form, () => make(JSON.parse(form.dataset.passkeyNew)));
}
for (const form of canUse ? all("form[data-passkey]") : []) {
  form.hidden = false;
  askBeforeSending(form, find);
  if (one("input[autocomplete~=webauthn]")) keepOffering(form);
}
for (const button of canUse ? all("[data-passkey-confirm]") : []) {
  button.hidden = false;
  button.addEventListener("click", () => ask(button.form, "confirm_passkey", () => get(JSON.parse(button.dataset.passkeyConfirm))));
}
