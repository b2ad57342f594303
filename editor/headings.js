// Headings as visitors see them: the levels that a text uses become the levels from 2 on, without a gap.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const UPPERMOST = 2;

function levels(document, without) {
  const used = new Set();
  document.descendants((node) => {
    if (node.type.name === "heading" && node !== without && node.content.size) used.add(node.attrs.level);
    return !node.isTextblock;
  });
  return [...used].sort();
}

export const shownLevel = (document, heading) => {
  const used = levels(document);
  const at = used.indexOf(heading.attrs.level);
  return Math.min(6, (at < 0 ? used.filter((level) => level < heading.attrs.level).length : at) + UPPERMOST);
};

// The level to write for a heading that is to be shown at `shown`.
export function levelFor(document, shown, changed) {
  const used = levels(document, changed);
  const at = shown - UPPERMOST;
  return Math.min(6, used[at] ?? (used.at(-1) ?? 1) + at - used.length + 1);
}

function decorate(document) {
  const used = levels(document);
  const found = [];
  document.descendants((node, at) => {
    if (node.type.name === "heading") {
      const rank = used.indexOf(node.attrs.level);
      const level = String(Math.min(6, (rank < 0 ? 0 : rank) + UPPERMOST));
      found.push(Decoration.node(at, at + node.nodeSize, { class: `shown-${level}`, "aria-level": level }));
    }
    return !node.isTextblock;
  });
  return DecorationSet.create(document, found);
}

export const headings = new Plugin({
  state: {
    init: (_, { doc }) => decorate(doc),
    apply: (change, old) => (change.docChanged ? decorate(change.doc) : old),
  },
  props: { decorations(state) { return this.getState(state); } },
});
