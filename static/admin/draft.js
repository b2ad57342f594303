// Sends what is typed in the form of a document to the server, half a second after the last key, which keeps it as a draft.
// Says at the top what is kept and where: "saved" only when the server has said so.
import { fields, one, post } from "./dom.js";
import * as copy from "./draft_copy.js";
import { draft, form, mark, next } from "./draft_mark.js";
import { isDirty, markClean, markKept } from "./guard.js";
import { announce } from "./notice.js";
import { isSending } from "./send.js";
import { reasonIn, signedOut } from "./session.js";

const PAUSE = 500;
// For who types without a pause.
const LONGEST = 3000;
const PATIENCE = 15_000;
const RETRY = [1000, 2000, 4000, 8000, 15_000];
// What a browser sends for a page that is being closed, in bytes.
const PARTING = 60_000;

const sentence = () => one("[data-draft-sentence]");
const discard = () => one("[data-draft-discard]");
let timer;
let waitsSince;
let isRunning = false;
let failures = 0;
let isSignedOut = false;
let isHere = true;
let kept;
let said = "";

function text() {
  const sent = fields(form);
  for (const name of [...sent.keys()].filter((name) => name === "submission" || /^draft(_|$)/.test(name))) sent.delete(name);
  return sent;
}

function body() {
  const sent = text();
  if (draft) sent.append("draft", draft);
  sent.append("draft_seen", mark.seen);
  sent.append("draft_sequence", next());
  sent.append("draft_tab", mark.tab);
  sent.append("draft_user", document.body.dataset.user);
  return sent;
}

// What changes with every save is shown; only what is news is said.
function say(words, news = words) {
  sentence().textContent = words;
  if (news && news !== said) announce(words);
  said = news;
}

function later(delay = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

function type() {
  isHere = copy.keep();
  markKept(form, false);
  waitsSince ??= performance.now();
  if (!isSignedOut && !failures) later(Math.min(PAUSE, Math.max(0, waitsSince + LONGEST - performance.now())));
}

async function send() {
  if (isRunning || isSending(form)) return later();
  const now = text().toString();
  if (now === kept) return arrive(now);
  isRunning = true;
  waitsSince = undefined;
  let response;
  let answer;
  try {
    response = await post(form.dataset.draft, body(), { signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) answer = await response.json();
  } catch { /* the server is away */ }
  isRunning = false;
  if (answer) take(answer, now);
  else if (response?.status === 401) leave(response);
  else if (!response || response.status >= 500 || [408, 429].includes(response.status)) miss(response);
  else refuse(response.status);
}

function take(answer, now) {
  failures = 0;
  if (answer.state === "earlier") {
    mark.sequence = Math.max(mark.sequence, answer.sequence);
    return later(0);
  }
  say(answer.sentence, answer.state + answer.is_kept);
  if (answer.state === "apart") return;
  mark.seen = answer.sequence;
  // After a save without an answer the text continues the version that the save has made.
  if (answer.base) form.elements.namedItem("base").value = answer.base;
  discard().hidden = !answer.is_kept;
  kept = text().toString() === now ? now : undefined;
  if (draft && answer.is_kept) history.replaceState(history.state, "", `${new URL(form.action).pathname}?draft=${draft}`);
  if (kept === undefined) return later();
  arrive(now);
  if (!answer.is_kept) markClean(form);
}

function arrive(now) {
  waitsSince = undefined;
  kept = now;
  markKept(form, true);
  copy.forget();
}

const where = (then = "") => (isHere ? `What you type is kept in this browser${then}.` : "What you type is in this window only, so leave it open.");

function miss(response) {
  failures += 1;
  const what = response ? "The server cannot keep your draft now." : "The server cannot be reached.";
  say(`${what} ${where(", and sent when it is back")}`, "away");
  later(RETRY[Math.min(failures, RETRY.length) - 1]);
}

function leave(response) {
  isSignedOut = true;
  say(`You are signed out. ${where(", and sent when you are signed in again")}`, "out");
  signedOut("", reasonIn(response));
}

const REFUSALS = {
  403: "You may not edit this any more.",
  404: "This is not there any more.",
  409: "Your account was changed, or someone else is signed in here now.",
  410: "This is not there any more.",
  413: "This is too large to be saved as a draft.",
};

function refuse(status) {
  say(`${REFUSALS[status] ?? "The server does not take this."} ${where()}`, String(status));
}

// What was sent and not answered may be there or not, so everything is sent again.
function retry() {
  if (!isDirty(form) || isRunning) return;
  if (failures || isSignedOut) later(0);
  isSignedOut = false;
}

// The text was saved as a version; what was typed meanwhile is sent as a draft of the next one.
function goOnTyping() {
  said = "";
  kept = undefined;
  if (isDirty(form)) return type();
  copy.forget();
  clearTimeout(timer);
  waitsSince = undefined;
}

function part() {
  if (!isDirty(form) || isSignedOut || isSending(form) || text().toString() === kept) return;
  const sent = body();
  copy.keep();
  if (sent.toString().length < PARTING) post(form.dataset.draft, sent, { keepalive: true }).catch(() => {});
}

if (form) {
  if (form.hasAttribute("data-draft-kept")) {
    kept = text().toString();
    said = "kepttrue";
    if (draft) history.replaceState(history.state, "", `${new URL(form.action).pathname}?draft=${draft}`);
  }
  form.addEventListener("input", type);
  document.addEventListener("brought-up-to-date", goOnTyping);
  addEventListener("online", retry);
  addEventListener("pagehide", part);
  document.addEventListener("signed-in", retry);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && isDirty(form) && !failures && send());
  copy.recover().catch(() => { /* storage is switched off */ });
  // What came back with errors and is not kept yet.
  if (isDirty(form) && kept === undefined) type();
}
