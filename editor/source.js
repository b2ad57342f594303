// Keeps the source of every block, so that what nobody touches is given back byte for byte. ProseMirror's documents are
// persistent: a block that no edit touched is the same object. Knows no screen.
import { parse } from "./parse.js";
import { schema } from "./schema.js";
import { serialise } from "./serialise.js";

const SIGNS = { bullet_list: ["bullet", ["-", "*", "+"]], ordered_list: ["delimiter", [".", ")"]] };
const keyOf = (node) => `${node.type.name} ${node.content.size} ${node.textContent}`;
const isEmpty = (node) => (node.type.name === "paragraph" && node.content.size === 0) || (node.type.name === "markdown" && !/\S/.test(node.textContent));

export class Source {
  #records = new WeakMap();
  #alike = new Map();
  #lead = "";
  #trail = "";

  // The document of a text. Blocks of `known` whose source is the same stay the objects that they are.
  read(text, known) {
    const kept = new Map();
    known?.forEach((node) => {
      const record = this.#records.get(node);
      if (record) kept.set(record.source, node);
    });
    const blocks = parse(text);
    let before = null;
    let end = 0;
    const nodes = blocks.map(({ from, to, source, node: fresh, isOpen }) => {
      // Not when it reads otherwise now, such as a link whose address is defined elsewhere.
      const node = kept.get(source)?.eq(fresh) ? kept.get(source) : fresh;
      // Once only: an object that is there twice would have two places.
      kept.delete(source);
      const record = { node, source, isOpen, before, gap: text.slice(end, from), list: listIn(source) };
      this.#remember(record);
      before = record;
      end = to;
      return node;
    });
    this.#lead = before ? text.slice(0, blocks[0].from) : "";
    this.#trail = text.slice(end);
    return schema.node("doc", null, nodes.length ? nodes : [schema.node("paragraph")]);
  }

  // The text of a document.
  write(document) {
    let end = this.#lead;
    for (const { before, text } of this.#pieces(document)) end = before + text;
    return end + this.#trail;
  }

  // Where a block and a place in it (characters of its text) are in the written text, and back; within a block nearly.
  offset(document, index, characters) {
    for (const piece of this.#pieces(document)) {
      if (piece.index === index) return piece.before.length + matching(piece.text, document.child(index).textContent, characters);
    }
    return 0;
  }

  position(document, offset) {
    let found = { index: 0, characters: 0 };
    for (const { index, before, text } of this.#pieces(document)) {
      if (before.length > offset && index) break;
      found = { index, characters: counting(text, document.child(index).textContent, offset - before.length) };
    }
    return found;
  }

  // What is written for each block, and all that is written before it.
  * #pieces(document) {
    const after = [];
    for (let index = document.childCount - 1, next; index >= 0; index--) {
      after[index] = next;
      if (!isEmpty(document.child(index))) next = document.child(index);
    }
    let text = this.#lead;
    let last;
    for (let index = 0; index < document.childCount; index++) {
      const node = document.child(index);
      const piece = isEmpty(node) ? { text: "" } : this.#piece(node, last, after[index]);
      if (piece.text && last) text += piece.gap ?? "\n\n";
      yield { index, before: text, text: piece.text };
      text += piece.text;
      if (piece.text) last = piece;
    }
  }

  #remember(record) {
    this.#records.set(record.node, record);
    const key = keyOf(record.node);
    const alike = this.#alike.get(key) ?? [];
    this.#alike.set(key, [...alike.filter(({ node }) => node !== record.node), record]);
  }

  // What was undone equals what was there.
  #recordOf(node) {
    return this.#records.get(node) ?? this.#alike.get(keyOf(node))?.find((record) => record.node.eq(node));
  }

  // What is written for a block after `before` (a piece too).
  #piece(node, before, after) {
    const record = this.#recordOf(node);
    if (record) {
      const { source, gap, isOpen, list } = record;
      const isInPlace = before ? record.before !== null && record.before === before.record : true;
      const isTaken = !isInPlace && list !== undefined && list === before?.list && node.type.name in SIGNS;
      // What is indented, or not closed, means something else beside other blocks.
      if ((isInPlace || !/^[ \t]/.test(source)) && (!after || !isOpen) && !isTaken) {
        return { record, text: source, list, gap: before && isInPlace ? gap : undefined };
      }
    }
    if (!(node.type.name in SIGNS)) {
      const text = node.type.name === "markdown" ? node.textContent.replace(/\s+$/, "") : serialise(node);
      return { text, list: listIn(text) };
    }
    // Lists of one kind in a row are told apart by their signs.
    const [name, signs] = SIGNS[node.type.name];
    const next = after?.type.name === "markdown" ? listIn(after.textContent) : undefined;
    const isFree = (sign) => ![before?.list, next].includes(`${name} ${sign}`);
    const sign = [node.attrs[name], ...signs].find(isFree) ?? signs[0];
    return { text: serialise(node, { [name]: sign }), list: `${name} ${sign}` };
  }
}

// Which list a source begins with, if any.
function listIn(source) {
  const [, bullet, delimiter] = /^[ \t]*(?:([-*+])|\d{1,9}([.)]))(?=\s|$)/.exec(source) ?? [];
  if (bullet) return `bullet ${bullet}`;
  return delimiter && `delimiter ${delimiter}`;
}

// How far into a source so many characters of its text lead: signs are passed over.
function matching(source, text, characters) {
  let found = 0;
  let at = 0;
  while (found < characters && at < source.length) {
    if (source[at] === text[found]) found += 1;
    at += 1;
  }
  return at;
}

function counting(source, text, offset) {
  let found = 0;
  for (let at = 0; at < Math.min(offset, source.length); at++) if (source[at] === text[found]) found += 1;
  return found;
}
