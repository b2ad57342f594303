// What the selection is in.

// The innermost node of these types around the selection of a state or a transaction, with its place.
export function around({ selection: { $from, node } }, ...types) {
  if (node && types.includes(node.type)) return { node, at: $from.pos, depth: $from.depth + 1 };
  for (let depth = $from.depth; depth > 0; depth--) {
    if (types.includes($from.node(depth).type)) return { node: $from.node(depth), at: $from.before(depth), depth };
  }
  return undefined;
}

export const isIn = (state, ...types) => around(state, ...types) !== undefined;
