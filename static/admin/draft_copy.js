// The copy of a document's text in this browser, one for each tab: written with each key and removed when the server has the
// same. A tab that is opened takes over what one that is gone has left.
import { differs, fill, keys, placeAt, placeOf, read, remove, values, visibleValues, write } from "./copy_store.js";
import { canTellTabs, draft, form, mark, takeOver, untilGone } from "./draft_mark.js";
import { all } from "./dom.js";
import { isDirty, markDirty } from "./guard.js";
import { tell } from "./notice.js";
import { offer } from "./offer.js";

// How long what several tabs have left is collected.
const SOON = 1000;

const keyOf = (place, tab) => `${place}:${tab}`;
const own = () => keyOf(placeOf(form), mark.tab);

export const keep = () => write(own(), { ...mark, draft, values: values(form) });

export const forget = () => remove(own());

// A new document has a path of its own after it was saved; what is stored is the number of the form that saved it.
export function keepLate(path) {
  const sequence = Number(form.elements.namedItem("draft_sequence").value);
  write(keyOf(placeAt(path, form.id), mark.tab), { ...mark, seen: sequence, draft: path.endsWith("/new") ? draft : "", values: visibleValues(form), isLate: true });
}

// Drafts of other new documents, which the screen leads to.
const listed = () => all("[data-draft-offer]").map((link) => link.dataset.draftOffer);

function bringBack(copy, key) {
  // Only where a tab is known to be gone can another one go on in its place; otherwise it goes on with the same draft.
  if (copy.draft === draft && canTellTabs) takeOver(copy);
  else if (copy.draft === draft && !continues(copy)) mark.seen = copy.seen;
  fill(form, copy.values);
  markDirty(form);
  if (key !== own()) remove(key);
}

// Whether a text was made from the draft that the screen shows: from the one with this number, or by the tab that sent it, which
// may not have heard that it arrived. So does what was typed while the version on the screen was saved.
const continues = (copy) => copy.draft === draft && (copy.isLate || copy.seen === shown || (copy.tab === form.dataset.draftBy && copy.sequence >= shown));

function giveBack(key) {
  const copy = read(key);
  if (!copy) return;
  if (!differs(form, copy.values)) {
    remove(key);
  } else if (!isBack && continues(copy) && !isTyped) {
    isBack = true;
    bringBack(copy, key);
    tell("done", "What you typed is back.");
  } else {
    offer(form, copy.at, { restore: () => bringBack(copy, key), discard: () => remove(key) });
  }
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// What tabs have left that are gone. The text that was made from the draft which the screen shows comes back at once; any
// other is offered.
export async function recover() {
  const found = keys(`${placeOf(form)}:`).filter((key) => key !== own()).map((key) => [key, read(key)]);
  const others = found.filter(([, copy]) => copy.draft === draft || !listed().includes(copy.draft));
  // The latest first, of those that are known to be gone at once; the other ones as they go.
  const gone = [];
  let isLate = false;
  const known = others.map(([key, { tab, sequence }]) => untilGone(tab)
    .then(() => (isLate ? giveBack(key) : gone.push({ key, sequence }))).catch(() => { /* it is open */ }));
  await Promise.race([Promise.all(known), pause(SOON)]);
  isLate = true;
  gone.sort((one, other) => other.sequence - one.sequence).forEach(({ key }) => giveBack(key));
}

const shown = mark.seen;
let isBack = false;
let isTyped = false;
form?.addEventListener("input", (event) => { isTyped ||= event.isTrusted; }, true);
