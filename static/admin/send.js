// Sends forms once. A guarded form is sent by fetch, so that the page with the text stays when the server cannot be
// reached or does not take it; where the answer is a page, the browser gets it by sending the form itself, which is no
// second time for the server. Other forms are sent like this while a guarded one holds something that is not saved, which
// is carried over to the screen that comes back.
import { all, element, fields, isPreview, one, post, target } from "./dom.js";
import { agree } from "./dialog.js";
import { carry, carryLate, forget } from "./copies.js";
import { putMark } from "./draft_mark.js";
import { guarded, isDirty, markClean } from "./guard.js";
import { bringUpToDate } from "./in_place.js";
import { tell, hush } from "./notice.js";
import { rememberPosition } from "./position.js";
import { reasonIn, signedOut, signInAgain } from "./session.js";
import { isSheet, openAfterSave } from "./sheet.js";

const PATIENCE = 45_000;
const sending = new Set();
const passing = new WeakSet();
export const isSending = (form) => sending.has(form);

function busy(form, on) {
  if (on) sending.add(form);
  else sending.delete(form);
  for (const button of all("button").filter((button) => button.form === form && button.type === "submit")) {
    if (on) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || isPreview(submitter)) return;
  if (passing.delete(form)) return;
  if (sending.has(form)) return event.preventDefault();
  busy(form, true);
  // Before there is a session, a form is sent by the browser itself.
  const isPlain = !form.matches("[data-guard]") || form.dataset.guard === "plain";
  if (isPlain) markClean(form);
  if (isPlain && (!unsavedBeside(form).length || form.action.endsWith("/admin/sign-out"))) {
    // A download leaves the page where it is.
    return setTimeout(() => busy(form, false), 8000);
  }
  event.preventDefault();
  send(form, submitter);
});
addEventListener("pageshow", () => [...sending].forEach((form) => busy(form, false)));

const textOf = (form) => [...fields(form)].filter(([name]) => !name.startsWith("draft_")).join();

const unsavedBeside = (form) => guarded.filter((other) => other !== form && isDirty(other));

async function send(form, submitter) {
  if (form.matches("[data-draft]")) putMark(textOf(form));
  const sent = textOf(form);
  const values = fields(form);
  const saves = form.matches("[data-guard]") && !submitter?.hasAttribute("data-draft-discard");
  tell("busy", saves ? "Saving …" : "One moment …");
  const flash = one(".flash");
  if (!flash?.contains(form)) flash?.remove();
  const options = { headers: { "x-submit": "script" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
  let response;
  try {
    response = await post(target(form, submitter), fields(form, submitter), options);
  } catch {
    return doubt(form, "The server did not answer.");
  }
  const next = response.headers.get("x-location");
  if (next) return arrive(form, next, { sent, values, mayStay: saves });
  const wait = Math.ceil(Number(response.headers.get("retry-after")) / 60) || 1;
  const minutes = `${wait} ${wait === 1 ? "minute" : "minutes"}`;
  switch (response.status) {
    case 401: return askAgain(form, submitter, reasonIn(response));
    case 403: return stay(form, "You have no right to do this.", "Copy your text if you still need it.");
    case 404:
    case 410: return stay(form, "What you were working on is no longer here.", "Copy your text if you still need it.");
    case 413: return stay(form, "The text is too large.", "Shorten it, then save again.");
    case 429: return stay(form, "Too many requests.", `Wait ${minutes}, then save again.`);
    case 503:
      // Who says when to try again has changed nothing.
      if (response.headers.has("retry-after")) return stay(form, "The server cannot do this now.", `Wait ${minutes}, then save again.`);
      return doubt(form, "The server has a problem.");
    case 408:
    case 500:
    case 502:
    case 504: return doubt(form, "The server has a problem.");
    default: return pass(form, submitter, response);
  }
}

// Who has signed in again goes on with what they pressed.
async function askAgain(form, submitter, reason) {
  busy(form, false);
  signedOut("Not saved.", reason);
  if (reason.final || !(await signInAgain(reason.why))) return;
  form.requestSubmit(submitter);
}

function stay(form, what, then) {
  busy(form, false);
  tell("warning", element("strong", {}, "Not saved. "), `${what} What you typed is still here. ${then}`);
}

// The request may have been carried out although no answer to it came.
function doubt(form, what) {
  busy(form, false);
  const then = "Check your connection and look in a new tab whether your change was made; if it was not, save again.";
  tell("warning", element("strong", {}, "Perhaps not saved. "), `${what} What you typed is still here. ${then}`);
}

async function arrive(form, next, { sent, values, mayStay }) {
  const url = new URL(next, location.href);
  const isTyped = () => form.matches("[data-guard]") && textOf(form) !== sent;
  if (mayStay && !unsavedBeside(form).length) {
    const isHere = await (isSheet(url) ? openAfterSave(url, values, isTyped) : bringUpToDate(form, url, values, isTyped));
    if (isHere) return busy(form, false);
  }
  const isLate = isTyped();
  markClean(form);
  forget(form);
  if (isLate) carryLate(form, url);
  if (url.pathname === location.pathname) unsavedBeside(form).forEach(carry);
  else if (unsavedBeside(form).length) tell("warning", "That is done. What you typed here is not saved yet.");
  rememberPosition(url);
  if (url.hash && url.pathname + url.search === location.pathname + location.search) {
    history.replaceState(null, "", url);
    location.reload();
  } else {
    location.assign(url);
  }
}

// A page that is no refusal shows what was done. The form of a document comes back with its text, which is kept as a draft.
function pass(form, submitter, { ok, status }) {
  hush();
  markClean(form);
  unsavedBeside(form).forEach(carry);
  if (ok || (form.matches("[data-draft]") && [409, 422].includes(status))) forget(form);
  passing.add(form);
  agree(form);
  form.requestSubmit(submitter);
}
