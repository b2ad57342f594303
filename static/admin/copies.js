// Keeps a copy of what is typed in this browser until it is saved, and offers it when the form is opened again without it.
import { element, one } from "./dom.js";
import { guarded, isDirty, markClean, markDirty } from "./guard.js";
import { tell } from "./notice.js";

const PREFIX = "plinth:copy:";
const DAYS = 14;
const PAUSE = 800;
const RETURN = "plinth:return";
const user = document.body.dataset.user ?? "";
const pathOf = (form) => `${PREFIX}${user}:${new URL(form.getAttribute("action"), location.href).pathname}#`;
const keyOf = (form) => pathOf(form) + form.id;

const isKept = ({ name, type }) => name && name !== "submission" && !["password", "submit", "button", "file"].includes(type);
const isHidden = (field) => field.type === "hidden";
const isChosen = (field) => ["checkbox", "radio"].includes(field.type);
const state = (field) => (isChosen(field) ? field.checked : field.value);

const values = (form) => [...form.elements].filter(isKept).map((field) => [field.name, state(field)]);

// The fields of a form with the values kept for them. A name may occur several times, so they are matched in order.
function* pairs(form, kept) {
  const left = [...kept];
  for (const field of [...form.elements].filter(isKept)) {
    const at = left.findIndex(([name]) => name === field.name);
    if (at >= 0) yield [field, left.splice(at, 1)[0][1]];
  }
}

const differs = (form, kept) => [...pairs(form, kept)].some(([field, value]) => !isHidden(field) && state(field) !== value);

function keep(form, kept = values(form), key = keyOf(form)) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: kept }));
    return true;
  } catch {
    // Full or switched off: the page still holds it.
    return false;
  }
}

// The same screen is drawn again after another form on it was sent: there, what is typed in this one is brought back.
export function carry(form) {
  if (!keep(form)) return;
  markClean(form);
  try {
    sessionStorage.setItem(RETURN, "yes");
  } catch { /* then it is offered */ }
}

// The same for what was typed while the form was being saved. Without the hidden fields: it continues what was saved, so it
// belongs to the version that the screen comes back with.
export function carryLate(form, next) {
  const visible = [...form.elements].filter((field) => isKept(field) && !isHidden(field));
  // A new document has a path of its own from now on.
  const key = form.action.endsWith("/new") ? `${PREFIX}${user}:${next.pathname}#${form.id}` : keyOf(form);
  if (!keep(form, visible.map((field) => [field.name, state(field)]), key)) return;
  try {
    sessionStorage.setItem(RETURN, "yes");
  } catch { /* then it is offered */ }
}

export function forget(form) {
  try {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith(pathOf(form)))) localStorage.removeItem(key);
  } catch { /* there is none */ }
}

function bringBack(form, kept) {
  // Hidden fields too: they say which version the text was made from, so nobody's later work is overwritten.
  for (const [field, value] of pairs(form, kept)) {
    if (isChosen(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  markDirty(form);
}

function offer(form, { at, values: kept }) {
  const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" }).format(at);
  const yes = element("button", { type: "button", className: "button small" }, "Restore it");
  const no = element("button", { type: "button", className: "button quiet small" }, "Discard it");
  const note = element("div", { className: "note copy-offer" }, element("p", {}, `What you typed here on ${when} was not saved.`), yes, no);
  note.setAttribute("role", "status");
  yes.addEventListener("click", () => {
    bringBack(form, kept);
    note.remove();
    one("textarea, input:not([type=hidden])", form)?.focus();
  });
  no.addEventListener("click", () => {
    forget(form);
    note.remove();
  });
  (form.closest(".two-columns") ?? form).before(note);
}

let returning = false;

function begin(form) {
  if (!form.getAttribute("action")) return;
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => isDirty(form) && keep(form), PAUSE);
  });
  addEventListener("pagehide", () => isDirty(form) && keep(form));
  if (isDirty(form)) return keep(form);
  const copy = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  if (!copy) return;
  if (!differs(form, copy.values)) return forget(form);
  const [navigation] = performance.getEntriesByType("navigation");
  if (!returning && !["reload", "back_forward"].includes(navigation?.type)) return offer(form, copy);
  bringBack(form, copy.values);
  tell("warning", "What you typed is back. It is not saved yet.");
}

function tidy() {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const { at } = JSON.parse(localStorage.getItem(key));
    if (!(at > Date.now() - DAYS * 86_400_000)) localStorage.removeItem(key);
  }
}

// Signing out leaves nothing behind in a browser that others may use.
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/admin/sign-out")) return;
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) localStorage.removeItem(key);
});

try {
  tidy();
  returning = sessionStorage.getItem(RETURN) !== null;
  sessionStorage.removeItem(RETURN);
  guarded.forEach(begin);
} catch { /* storage is switched off */ }
