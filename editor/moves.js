// Moves an item of a list, or a block, by one place.
import { NodeSelection, TextSelection } from "prosemirror-state";
import { around } from "./around.js";
import { schema } from "./schema.js";

// The item of a list, or the block at the top, that the selection is in.
function movable(state, way) {
  const item = around(state, schema.nodes.list_item);
  if (item) {
    const $at = state.doc.resolve(item.at);
    const isEdge = way < 0 ? $at.index() === 0 : $at.index() === $at.parent.childCount - 1;
    if (!isEdge) return item;
  }
  const { $from, node } = state.selection;
  if ($from.depth === 0) return node && { node, at: $from.pos };
  return { node: $from.node(1), at: $from.before(1) };
}

// Moves it by one place. The caret goes along.
export const move = (way) => (state, dispatch) => {
  const moved = movable(state, way);
  if (!moved) return false;
  const $at = state.doc.resolve(moved.at);
  const index = $at.index() + way;
  if (index < 0 || index >= $at.parent.childCount) return false;
  if (!dispatch) return true;
  const other = $at.parent.child(index);
  const to = way < 0 ? moved.at - other.nodeSize : moved.at + other.nodeSize;
  const transaction = state.tr.delete(moved.at, moved.at + moved.node.nodeSize).insert(to, moved.node);
  const shift = to - moved.at;
  const { selection } = state;
  transaction.setSelection(selection instanceof NodeSelection
    ? NodeSelection.create(transaction.doc, selection.from + shift)
    : TextSelection.between(transaction.doc.resolve(selection.anchor + shift), transaction.doc.resolve(selection.head + shift)));
  dispatch(transaction.scrollIntoView());
  return true;
};

