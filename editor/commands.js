// What can be done to the text. Each is a ProseMirror command; knows no button and no key.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { Selection, TextSelection } from "prosemirror-state";
import { isInTable, selectedRect } from "prosemirror-tables";
import { isIn } from "./around.js";
import { levelFor, shownLevel } from "./headings.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

function isMarked(state, type) {
  const { from, $from, to, empty } = state.selection;
  return Boolean(empty ? type.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, type));
}

export const mark = (name) => ({ run: toggleMark(marks[name]), isOn: (state) => isMarked(state, marks[name]) });

export const heading = (shown) => {
  const isOn = ({ doc, selection: { $from } }) => $from.parent.type === nodes.heading && shownLevel(doc, $from.parent) === shown;
  const run = (state, dispatch, view) => {
    if (isOn(state)) return setBlockType(nodes.paragraph)(state, dispatch, view);
    const level = levelFor(state.doc, shown, state.selection.$from.parent);
    // Shown at another level than its own makes it so on its own: the others decide.
    if (state.selection.$from.parent.hasMarkup(nodes.heading, { level })) return false;
    return setBlockType(nodes.heading, { level })(state, dispatch, view);
  };
  return { run, isOn };
};

export const paragraph = setBlockType(nodes.paragraph);

export const codeBlock = {
  run: (state, ...rest) => setBlockType(isIn(state, nodes.code_block) ? nodes.paragraph : nodes.code_block)(state, ...rest),
  isOn: (state) => isIn(state, nodes.code_block),
};

export const quote = {
  run: (state, ...rest) => (isIn(state, nodes.blockquote) ? lift : wrapIn(nodes.blockquote))(state, ...rest),
  isOn: (state) => isIn(state, nodes.blockquote),
};

export function lineBreak(state, dispatch) {
  const { $from } = state.selection;
  if (!$from.parent.inlineContent || !$from.parent.type.contentMatch.matchType(nodes.hard_break)) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create(), false).scrollIntoView());
  return true;
}

// Puts a block in place of an empty paragraph, or below the block at the top that the caret is in.
export function insertBlock(state, dispatch, block, isCaretInside = true) {
  const { $from } = state.selection;
  const top = $from.depth ? $from.node(1) : null;
  const isEmpty = top?.type === nodes.paragraph && top.content.size === 0;
  const from = top ? (isEmpty ? $from.before(1) : $from.after(1)) : $from.pos;
  const to = top ? $from.after(1) : $from.pos;
  if (!dispatch) return true;
  const transaction = state.tr.replaceWith(from, to, block);
  const end = from + block.nodeSize;
  if (!isCaretInside || block.isLeaf) {
    if (end >= transaction.doc.content.size) transaction.insert(end, nodes.paragraph.create());
    transaction.setSelection(Selection.near(transaction.doc.resolve(end + 1)));
  } else {
    transaction.setSelection(Selection.near(transaction.doc.resolve(from + 1)));
  }
  dispatch(transaction.scrollIntoView());
  return true;
}

export const rule = (state, dispatch) => insertBlock(state, dispatch, nodes.horizontal_rule.create(), false);
export const markdownBlock = (state, dispatch) => insertBlock(state, dispatch, nodes.markdown.create());
// A named container, as its source.
export const container = (source) => (state, dispatch) => insertBlock(state, dispatch, nodes.markdown.create(null, state.schema.text(source)));

export function paragraphBelow(state, dispatch) {
  const { $from, $to } = state.selection;
  const at = $to.depth ? $to.after(1) : $from.depth ? $from.after(1) : $to.pos;
  if (!dispatch) return true;
  const transaction = state.tr.insert(at, nodes.paragraph.create());
  dispatch(transaction.setSelection(TextSelection.create(transaction.doc, at + 1)).scrollIntoView());
  return true;
}

// Down from the last block of the text, where nothing can be typed below.
export function leaveLastBlock(state, dispatch, view) {
  const { $head, empty } = state.selection;
  if (!empty || $head.depth === 0 || $head.after(1) < state.doc.content.size) return false;
  const top = $head.node(1);
  if (top.type === nodes.paragraph || top.type === nodes.heading || !view?.endOfTextblock("down")) return false;
  if (isInTable(state) && selectedRect(state).bottom < selectedRect(state).map.height) return false;
  return paragraphBelow(state, dispatch);
}

// The next free number, its mark here, and its text at the end.
export function footnote(state, dispatch) {
  const { $from } = state.selection;
  if (!$from.parent.inlineContent || $from.parent.type.spec.code) return false;
  if (!dispatch) return true;
  const taken = new Set([...state.doc.textBetween(0, state.doc.content.size, "\n").matchAll(/\[\^([^\]\s]+)\]/g)].map(([, label]) => label));
  state.doc.descendants((node) => { if (node.type === nodes.footnote) taken.add(node.attrs.label); });
  let number = 1;
  while (taken.has(String(number))) number += 1;
  const start = `[^${number}]: `;
  const text = "Text of the footnote";
  const transaction = state.tr.replaceSelectionWith(nodes.footnote.create({ label: String(number) }), false);
  const end = transaction.doc.content.size;
  transaction.insert(end, nodes.markdown.create(null, schema.text(start + text)));
  transaction.setSelection(TextSelection.create(transaction.doc, end + 1 + start.length, end + 1 + start.length + text.length));
  dispatch(transaction.scrollIntoView());
  return true;
}
