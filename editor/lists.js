// Lists and tasks: making them, changing their kind, their depth, and what is done.
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { around } from "./around.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const isTask = (node) => node.type === nodes.list_item && node.attrs.checked !== null;
const listAround = (state) => around(state, nodes.bullet_list, nodes.ordered_list);

// The items of the innermost list that the selection reaches.
function items({ selection, doc }, list) {
  const found = [];
  doc.nodesBetween(selection.from, selection.to, (node, at, parent) => {
    if (node.type === nodes.list_item && parent === list.node) found.push({ node, at });
  });
  return found;
}

function setTasks(state, dispatch, list, checked) {
  const transaction = state.tr;
  for (const { node, at } of items(state, list)) transaction.setNodeMarkup(at, null, { ...node.attrs, checked });
  dispatch?.(transaction);
  return true;
}

function setList(state, dispatch, list, type, checked) {
  if (!dispatch) return true;
  const transaction = state.tr.setNodeMarkup(list.at, type, type === nodes.ordered_list ? { tight: list.node.attrs.tight } : { tight: list.node.attrs.tight });
  list.node.forEach((item, at) => transaction.setNodeMarkup(list.at + 1 + at, null, { ...item.attrs, checked }));
  dispatch(transaction);
  return true;
}

const listIs = (state, type, isTasks) => {
  const list = listAround(state);
  return list?.node.type === type && isTask(around(state, nodes.list_item).node) === isTasks;
};

const list = (type, isTasks) => ({
  isOn: (state) => listIs(state, type, isTasks),
  run(state, dispatch, view) {
    const found = listAround(state);
    if (!found) {
      return wrapInList(type)(state, dispatch && ((transaction) => {
        if (isTasks) {
          const { from, to } = transaction.selection;
          transaction.doc.nodesBetween(from, to, (node, at, parent) => {
            if (node.type === nodes.list_item && parent.type === type) transaction.setNodeMarkup(at, null, { ...node.attrs, checked: false });
          });
        }
        dispatch(transaction);
      }), view);
    }
    if (listIs(state, type, isTasks)) return liftListItem(nodes.list_item)(state, dispatch, view);
    return found.node.type === type ? setTasks(state, dispatch, found, isTasks ? false : null) : setList(state, dispatch, found, type, isTasks ? false : null);
  },
});

export const bulletList = list(nodes.bullet_list, false);
export const orderedList = list(nodes.ordered_list, false);
export const taskList = list(nodes.bullet_list, true);

export const tick = {
  isOn: (state) => around(state, nodes.list_item)?.node.attrs.checked === true,
  run(state, dispatch) {
    const item = around(state, nodes.list_item);
    if (!item || !isTask(item.node)) return false;
    dispatch?.(state.tr.setNodeMarkup(item.at, null, { checked: !item.node.attrs.checked }));
    return true;
  },
};

export const indent = sinkListItem(nodes.list_item);
export const outdent = liftListItem(nodes.list_item);

// The next item is a task too, and open.
export function splitItem(state, dispatch, view) {
  return splitListItem(nodes.list_item)(state, dispatch && ((transaction) => {
    const item = around(transaction, nodes.list_item);
    if (item && isTask(item.node)) transaction.setNodeMarkup(item.at, null, { checked: false });
    dispatch(transaction);
  }), view);
}

