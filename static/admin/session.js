// Notices that the session has ended while a form is open, says so and why, and lets its user sign in again. Asks when the
// page is come back to, when typing begins after a pause, and once shortly after the time at which the session would end.
import { element, one } from "./dom.js";
import { guarded } from "./guard.js";
import { hush, tell } from "./notice.js";
import { askToSignIn } from "./sign_in.js";

const CHECK = "/admin/session-check";
const RECENT = 5_000;
const PAUSE = 30_000;
const TYPING = 120_000;
const GRACE = 5_000;
// A page that was shown because the session had ended.
const known = document.body.dataset.sessionEndsIn;
let out = known === undefined;
let asked = Date.now();
let typed = Date.now();
let timer;

// Never takes the focus from someone who is typing: that is left to a button, and to users who save.
export function signedOut(before = "", { why = "", final = false } = {}) {
  // Said already, and a user may be about to press the button.
  if (out && !before && one(".notice [data-sign-in]:not([hidden] *)")) return;
  out = true;
  clearTimeout(timer);
  const start = element("strong", {}, `${before} ${why || "You have been signed out."}`.trim());
  if (final) return tell("warning", start, " What you typed is still here. Copy what someone else can use.");
  const button = element("button", { type: "button", className: "button small" }, "Sign in here");
  button.dataset.signIn = "";
  button.addEventListener("click", () => signInAgain(why));
  tell("warning", start, " What you typed is still here. ", button);
}

// Asks for the password on this screen; whether the user is signed in then.
export async function signInAgain(why = "") {
  const focused = document.activeElement;
  const selection = getSelection();
  const range = selection.rangeCount ? selection.getRangeAt(0) : undefined;
  const isIn = await askToSignIn(why || "You have been signed out.");
  focused?.focus({ preventScroll: true });
  // The dialog took the selection, without which nothing can be typed into the visual editor.
  if (range && focused?.isContentEditable) selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  if (!isIn) return false;
  hush();
  await check();
  return !out;
}

// Why the session has ended, as a response says it, and whether its user cannot sign in again.
export const reasonIn = ({ headers }) => ({ why: headers.get("x-signed-out") ?? "", final: headers.has("x-deactivated") });

function signedIn(endsIn) {
  clearTimeout(timer);
  timer = setTimeout(check, endsIn * 1000 + GRACE);
  if (!out) return;
  out = false;
  tell("done", one("form[data-draft]") ? "You are signed in again." : "You are signed in again. Save what you typed.");
  document.dispatchEvent(new Event("signed-in"));
}

// A POST says that someone is typing, which keeps the session open.
async function check(method = "GET") {
  asked = Date.now();
  let answer;
  try {
    answer = await (await fetch(CHECK, { method, cache: "no-store" })).json();
  } catch {
    // Away from the network: saving will say so.
    return;
  }
  if (answer.signed_in) signedIn(answer.ends_in);
  else if (!out) signedOut("", answer);
}

function comeBack() {
  if (document.visibilityState === "visible" && (out || Date.now() - asked > RECENT)) check();
}

function type() {
  const now = Date.now();
  const begins = now - typed > PAUSE;
  typed = now;
  if (begins || now - asked > TYPING) check("POST");
}

// Where nobody is signed in yet there is nothing to watch; a page that keeps what was typed waits for its user to sign in.
if (guarded.length && (!out || one('form[data-guard="dirty"]'))) {
  if (!out) timer = setTimeout(check, Number(known) * 1000 + GRACE);
  addEventListener("focus", comeBack);
  addEventListener("pageshow", (event) => event.persisted && comeBack());
  document.addEventListener("visibilitychange", comeBack);
  for (const form of guarded) form.addEventListener("input", type);
}
