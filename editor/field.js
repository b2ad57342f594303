// The text area that the editor writes for. It stays the field of the form: what is typed in the editor is put into it as if
// it had been typed there. Knows documents, but no editor.
import { Source } from "./source.js";

const LONG = 40_000;
const PAUSE = 250;

export class Field {
  #source = new Source();
  #written;
  #timer;
  #late;
  #isWriting = false;

  constructor(area) {
    this.area = area;
    this.#written = area.value;
    this.doc = this.#source.read(area.value);
    if (this.#source.write(this.doc) !== area.value) throw new Error("The text would not come back as it was.");
  }

  // `act` when something else than the editor changes the text.
  onInput(act) {
    this.area.addEventListener("input", () => this.#isWriting || act());
  }

  // Browsers take long to fill a text area with a long text, so that waits for a pause in typing, or for whatever needs it;
  // that something changed is said at once.
  put(doc) {
    clearTimeout(this.#timer);
    if (doc.content.size < LONG) return this.fill(doc);
    this.#late = doc;
    this.#timer = setTimeout(() => this.flush(), PAUSE);
    this.#say();
  }

  fill(doc) {
    this.#late = undefined;
    const text = this.#source.write(doc).replace(/\r\n?/g, "\n");
    if (text === this.#written) return;
    this.area.value = text;
    this.#written = text;
    this.#say();
  }

  // Puts in what waits.
  flush() {
    clearTimeout(this.#timer);
    if (this.#late) this.fill(this.#late);
  }

  // The document of a text that came from elsewhere; none when it is the one that was put in.
  take(known) {
    if (this.area.value === this.#written) return undefined;
    this.#written = this.area.value;
    return this.#source.read(this.area.value, known);
  }

  #say() {
    this.#isWriting = true;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.#isWriting = false;
  }

  // Hidden, since laying out a long text twice takes time. Errors, labels and other scripts lead to the field; `dom` is
  // where they arrive then.
  hide(dom) {
    this.area.hidden = true;
    this.area.focus = () => dom.focus();
    this.area.scrollIntoView = (...how) => dom.scrollIntoView(...how);
  }

  show() {
    this.area.hidden = false;
    delete this.area.focus;
    delete this.area.scrollIntoView;
  }

  // Where a place in the document is in the text.
  offset(doc, at) {
    const $at = doc.resolve(at);
    const index = Math.min($at.index(0), doc.childCount - 1);
    return this.#source.offset(doc, index, doc.textBetween($at.depth ? $at.before(1) : at, at).length);
  }

  // The same the other way.
  place(doc, offset) {
    const { index, characters } = this.#source.position(doc, offset);
    return placeIn(doc.child(index), startOf(doc, index), characters);
  }
}

export function startOf(doc, index) {
  let at = 0;
  for (let before = 0; before < index; before++) at += doc.child(before).nodeSize;
  return at;
}

// The place behind so many characters of a block that begins at `at`.
function placeIn(block, at, characters) {
  let left = characters;
  let found = at + 1;
  block.descendants((node, offset) => {
    if (left < 0) return false;
    if (node.isText) {
      found = at + 1 + offset + Math.min(left, node.text.length);
      left = left <= node.text.length ? -1 : left - node.text.length;
    }
    return true;
  });
  return found;
}
