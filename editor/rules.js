// Markdown as it is typed becomes what it means: signs at the beginning of a line, and signs around words.
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { isAllowed } from "./link.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// Words between two signs: `**words**`. The signs go, the words are marked.
const around = (pattern, type) => new InputRule(pattern, (state, match, start, end) => {
  const [whole, before, , words] = match;
  const from = start + before.length;
  if (/^\s|\s$/.test(words) || state.doc.rangeHasMark(from, end, marks.code)) return null;
  const text = whole.slice(before.length);
  const opening = text.indexOf(words);
  const transaction = state.tr;
  // The last sign is not in the text yet.
  transaction.delete(from + opening + words.length, end);
  transaction.delete(from, from + opening);
  transaction.addMark(from, from + words.length, type.create());
  return transaction.removeStoredMark(type);
});

// An address in brackets behind words in brackets: a link.
const link = new InputRule(/(?:^|[^!])\[([^[\]]+)\]\(([^()\s]+)\)$/, (state, match, start, end) => {
  const [whole, words, href] = match;
  const from = start + whole.indexOf("[");
  if (!isAllowed(href) || state.doc.rangeHasMark(from, end, marks.code)) return null;
  const transaction = state.tr.delete(from + 1 + words.length, end).delete(from, from + 1);
  return transaction.addMark(from, from + words.length, marks.link.create({ href })).removeStoredMark(marks.link);
});

const task = new InputRule(/^\[([ xX]?)\]\s$/, (state, [, sign], start, end) => {
  const $start = state.doc.resolve(start);
  const checked = /x/i.test(sign);
  const transaction = state.tr.delete(start, end);
  if ($start.node(-1).type === nodes.list_item && $start.index(-1) === 0) {
    return transaction.setNodeMarkup($start.before(-1), null, { checked });
  }
  const $at = transaction.doc.resolve(start);
  if (!$at.node(-1).canReplaceWith($at.index(-1), $at.indexAfter(-1), nodes.bullet_list)) return null;
  return transaction.wrap($at.blockRange(), [{ type: nodes.bullet_list }, { type: nodes.list_item, attrs: { checked } }]);
});

const rule = new InputRule(/^(?:---|___|\*\*\*)$/, (state, _, start) => {
  const $start = state.doc.resolve(start);
  if ($start.parent.type !== nodes.paragraph || !$start.node(-1).canReplaceWith($start.index(-1), $start.indexAfter(-1), nodes.horizontal_rule)) return null;
  const transaction = state.tr.replaceWith($start.before(), $start.after(), [nodes.horizontal_rule.create(), nodes.paragraph.create()]);
  return transaction.setSelection(state.selection.constructor.near(transaction.doc.resolve($start.before() + 2)));
});

export const markdownRules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,6})\s$/, nodes.heading, ([, signs]) => ({ level: signs.length })),
    textblockTypeInputRule(/^```([\w+-]*)\s$/, nodes.code_block, ([, params]) => ({ params })),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    wrappingInputRule(/^\s*([-+*])\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,9})([.)])\s$/, nodes.ordered_list, ([, order, delimiter]) => ({ order: Number(order), delimiter }),
      ([, order], before) => before.childCount + before.attrs.order === Number(order)),
    task,
    rule,
    link,
    around(/((?:^|[^*]))(\*\*)([^*]+)\*\*$/, marks.strong),
    around(/((?:^|[^_\w]))(__)([^_]+)__$/, marks.strong),
    around(/((?:^|[^*]))(\*)([^*]+)\*$/, marks.em),
    around(/((?:^|[^_\w]))(_)([^_]+)_$/, marks.em),
    around(/((?:^|[^~]))(~~)([^~]+)~~$/, marks.strike),
    around(/((?:^|[^`]))(`)([^`]+)`$/, marks.code),
  ],
});
