// What an empty text says.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

export const PLACEHOLDER = "Write, or press / for headings, lists, tables and more";

export const placeholder = new Plugin({
  props: {
    decorations({ doc }) {
      const { firstChild: first } = doc;
      const isEmpty = doc.childCount === 1 && first.type.name === "paragraph" && first.content.size === 0;
      return isEmpty ? DecorationSet.create(doc, [Decoration.node(0, first.nodeSize, { class: "is-empty", "data-placeholder": PLACEHOLDER })]) : null;
    },
  },
});
