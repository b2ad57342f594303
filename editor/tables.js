// Tables: making one, lines within cells, and the side of a column.
import { isInTable, selectedRect } from "prosemirror-tables";
import { around } from "./around.js";
import { insertBlock, lineBreak } from "./commands.js";
import { schema } from "./schema.js";

const { nodes } = schema;

export const lineBreakInCell = (state, dispatch) => isInTable(state) && lineBreak(state, dispatch);

export function table(state, dispatch) {
  const cell = (type) => type.create(null, nodes.paragraph.create());
  const row = (type) => nodes.table_row.create(null, [cell(type), cell(type), cell(type)]);
  return insertBlock(state, dispatch, nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]));
}

export const align = (side) => ({
  isOn: (state) => isInTable(state) && around(state, nodes.table_cell, nodes.table_header)?.node.attrs.align === side,
  run(state, dispatch) {
    if (!isInTable(state)) return false;
    if (!dispatch) return true;
    const { map, tableStart, table: found, left, right } = selectedRect(state);
    const transaction = state.tr;
    const isOn = found.nodeAt(map.map[left]).attrs.align === side;
    for (let column = left; column < right; column++) {
      for (let row = 0; row < map.height; row++) {
        const at = map.map[row * map.width + column];
        transaction.setNodeMarkup(tableStart + at, null, { ...found.nodeAt(at).attrs, align: isOn ? null : side });
      }
    }
    dispatch(transaction);
    return true;
  },
});

