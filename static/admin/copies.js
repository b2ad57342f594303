// Keeps a copy of what is typed in this browser until it is saved, and offers it when the form is opened again without it.
// Forms of documents have copies of their own, see draft_copy.js.
import { differs, fill, placeAt, placeOf, read, remove, values, visibleValues, write } from "./copy_store.js";
import * as draftCopy from "./draft_copy.js";
import { one } from "./dom.js";
import { guarded, isDirty, markClean, markDirty } from "./guard.js";
import { tell } from "./notice.js";
import { offer } from "./offer.js";

const PAUSE = 800;
const RETURN = "plinth:return";
const isDocument = (form) => form.matches("[data-draft]");
const keep = (form, kept = values(form), key = placeOf(form)) => write(key, { values: kept });

function willReturn() {
  try {
    sessionStorage.setItem(RETURN, "yes");
  } catch { /* then it is offered */ }
}

// The same screen is drawn again after another form on it was sent: there, what is typed in this one is brought back.
export function carry(form) {
  if (!(isDocument(form) ? draftCopy.keep() : keep(form))) return;
  markClean(form);
  willReturn();
}

// The same for what was typed while the form was being saved. Without the hidden fields: it continues what was saved, so it
// belongs to the version that the screen comes back with.
export function carryLate(form, next) {
  if (isDocument(form)) draftCopy.keepLate(next.pathname);
  // A new one has a path of its own from now on.
  else if (!keep(form, visibleValues(form), form.action.endsWith("/new") ? placeAt(next.pathname, form.id) : placeOf(form))) return;
  willReturn();
}

export function forget(form) {
  if (isDocument(form)) draftCopy.forget();
  else remove(placeOf(form));
}

function begin(form, returns) {
  if (!form.getAttribute("action") || isDocument(form)) return;
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => isDirty(form) && keep(form), PAUSE);
  });
  addEventListener("pagehide", () => isDirty(form) && keep(form));
  if (isDirty(form)) return keep(form);
  const copy = read(placeOf(form));
  if (!copy) return;
  if (!differs(form, copy.values)) return forget(form);
  const bringBack = () => {
    fill(form, copy.values);
    markDirty(form);
  };
  if (!returns) return offer(form, copy.at, { restore: bringBack, discard: () => forget(form) });
  bringBack();
  tell("warning", "What you typed is back. It is not saved yet.");
}

try {
  const returning = sessionStorage.getItem(RETURN) !== null;
  sessionStorage.removeItem(RETURN);
  const [navigation] = performance.getEntriesByType("navigation");
  const returns = returning || ["reload", "back_forward"].includes(navigation?.type);
  guarded.forEach((form) => begin(form, returns));
} catch { /* storage is switched off */ }
