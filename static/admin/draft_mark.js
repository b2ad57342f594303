// Which draft the text of the document's form continues: the number of the draft that it was made from, the number of what
// this tab sent last, and the tab. The server decides by them which of two texts is the later one; no clock does.
import { one } from "./dom.js";

export const form = one("form[data-draft]");
const field = (name) => form?.elements.namedItem(name);
const number = (name) => Number(field(name)?.value ?? 0);
const randomName = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The name of a new document's draft; empty for one that is saved.
export const draft = field("draft")?.value ?? "";
export const mark = { tab: randomName(), seen: number("draft_seen"), sequence: number("draft_sequence") };

export const next = () => ++mark.sequence;

// Goes on in the place of a tab that is gone.
export function takeOver({ tab, seen, sequence }) {
  Object.assign(mark, { tab, seen, sequence: Math.max(sequence, mark.sequence) });
}

// Goes on from the draft that the form's hidden fields tell of, after a save.
export function goOn() {
  mark.seen = number("draft_seen");
  mark.sequence = Math.max(mark.sequence, number("draft_sequence"));
}

// Puts the mark into the form that is about to be sent. The same text has the same mark, since the server recognises by the
// whole form what it got before; but not once it has been sent as a draft since, which would count as the later one.
let last;
export function putMark(text) {
  if (last?.text !== text || last.sequence !== mark.sequence) last = { text, seen: mark.seen, sequence: next() };
  field("draft_tab").value = mark.tab;
  field("draft_seen").value = last.seen;
  field("draft_sequence").value = last.sequence;
}

// A tab that is open holds a lock of its name, so others can tell it from one that is gone.
const lock = (tab) => `plinth:tab:${tab}`;
const forever = () => new Promise(() => {});
// A browser under load takes seconds to notice that the process of a tab has ended. Later, a tab that is loaded again gets what
// it left itself.
const LONGEST = 15_000;
export const canTellTabs = Boolean(navigator.locks);
if (form && canTellTabs) navigator.locks.request(lock(mark.tab), forever);

// Resolves when a tab is gone; nobody else gets what it left then. Rejects when it is not for a while.
export function untilGone(tab) {
  if (!canTellTabs) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return forever();
    };
    navigator.locks.request(lock(tab), { signal: AbortSignal.timeout(LONGEST) }, hold).catch(reject);
  });
}
