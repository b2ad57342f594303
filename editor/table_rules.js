// Tables as Markdown can hold them: one row of headers on top, and no merged cells.
import { Plugin } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { schema } from "./schema.js";

const { table, table_header: header, table_cell: cell } = schema.nodes;
const right = new WeakSet();

function normalise(transaction, node, start) {
  node.forEach((row, rowAt, index) => row.forEach((found, cellAt) => {
    const type = index === 0 ? header : cell;
    const { colspan, rowspan } = found.attrs;
    if (found.type === type && colspan === 1 && rowspan === 1) return;
    transaction.setNodeMarkup(start + 1 + rowAt + 1 + cellAt, type, { ...found.attrs, colspan: 1, rowspan: 1, colwidth: null });
  }));
}

const normalised = new Plugin({
  appendTransaction(changes, _, state) {
    if (!changes.some(({ docChanged }) => docChanged)) return null;
    const transaction = state.tr;
    state.doc.descendants((node, at) => {
      if (node.type === table && !right.has(node)) {
        normalise(transaction, node, at);
        right.add(node);
      }
      return node.type !== table && !node.isTextblock;
    });
    return transaction.docChanged ? transaction : null;
  },
});

export const tables = [normalised, tableEditing()];
