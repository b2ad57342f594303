// Lists of terms and their descriptions: making one, and what the usual keys do in it.
import { Selection, TextSelection } from "prosemirror-state";
import { around } from "./around.js";
import { insertBlock } from "./commands.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const pair = () => [nodes.description_term.create(), nodes.description_details.create()];

export const descriptions = (state, dispatch) => insertBlock(state, dispatch, nodes.description_list.create(null, pair()));

// The list, and the term and the description that the caret is in.
function pairAround(state) {
  const { $from, empty } = state.selection;
  const list = around(state, nodes.description_list);
  if (!list || !empty || list.depth !== $from.depth - 1) return undefined;
  const index = $from.index(list.depth);
  const isTerm = index % 2 === 0;
  const first = index - (isTerm ? 0 : 1);
  const from = $from.before() - (isTerm ? 0 : list.node.child(first).nodeSize);
  const [term, details] = [list.node.child(first), list.node.child(first + 1)];
  return { list, isTerm, first, from, to: from + term.nodeSize + details.nodeSize, term, details, isEmpty: !term.content.size && !details.content.size };
}

// From the term to its description, from there to the next term; from an empty one out of the list.
export function enter(state, dispatch) {
  const at = pairAround(state);
  if (!at) return false;
  const transaction = state.tr;
  if (at.isTerm && at.isEmpty) return leave(state, dispatch, at);
  if (at.isTerm) {
    transaction.setSelection(TextSelection.create(state.doc, at.to - 1));
  } else {
    transaction.insert(at.to, pair()).setSelection(TextSelection.create(transaction.doc, at.to + 1));
  }
  dispatch?.(transaction.scrollIntoView());
  return true;
}

function leave(state, dispatch, { list, from, to }) {
  const transaction = state.tr;
  const end = list.at + list.node.nodeSize;
  if (list.node.childCount === 2) {
    transaction.replaceWith(list.at, end, nodes.paragraph.create());
    transaction.setSelection(TextSelection.create(transaction.doc, list.at + 1));
  } else {
    transaction.insert(end, nodes.paragraph.create()).setSelection(TextSelection.create(transaction.doc, end + 1)).delete(from, to);
  }
  dispatch?.(transaction.scrollIntoView());
  return true;
}

// Takes away an empty pair.
export function backspace(state, dispatch) {
  const at = pairAround(state);
  if (!at || state.selection.$from.parentOffset > 0) return false;
  if (!at.isTerm) {
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, at.from + at.term.nodeSize - 1)));
    return true;
  }
  if (!at.isEmpty) return false;
  if (at.list.node.childCount === 2) return leave(state, dispatch, at);
  const transaction = state.tr.delete(at.from, at.to);
  dispatch?.(transaction.setSelection(Selection.near(transaction.doc.resolve(Math.max(at.from - 1, at.list.at + 1)), at.first ? -1 : 1)).scrollIntoView());
  return true;
}
