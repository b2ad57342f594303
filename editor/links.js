// Links and pictures: what is there, and how it is set. Knows no dialog.
import { Fragment, Slice } from "prosemirror-model";
import { isInTable } from "prosemirror-tables";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// The link around the caret or at the beginning of the selection: where it is, and what it leads to.
export function linkAt({ selection: { $from, from, to, empty }, doc }) {
  const type = marks.link;
  const { nodeAfter, nodeBefore } = $from;
  const found = [$from.marks(), nodeAfter?.marks ?? [], empty ? nodeBefore?.marks ?? [] : []].map((all) => type.isInSet(all)).find(Boolean);
  if (!found) return empty ? undefined : { from, to };
  const start = $from.start();
  const runs = [];
  $from.parent.forEach((node, at) => {
    const has = found.isInSet(node.marks);
    if (!has) return runs.push(undefined);
    if (runs.at(-1)) runs.at(-1).to = start + at + node.nodeSize;
    else runs.push({ from: start + at, to: start + at + node.nodeSize });
  });
  const run = runs.find((other) => other && other.from <= from && from <= other.to);
  return { ...run, attrs: found.attrs, text: doc.textBetween(run.from, run.to) };
}

export function setLink({ from, to }, { href, title = null, words }) {
  return (state, dispatch) => {
    const made = marks.link.create({ href, title });
    const transaction = state.tr;
    if (from === undefined) {
      transaction.replaceSelectionWith(schema.text(words || href, [...(state.storedMarks ?? state.selection.$from.marks()), made]), false);
      transaction.removeStoredMark(marks.link);
    } else if (words && words !== state.doc.textBetween(from, to)) {
      transaction.replaceWith(from, to, schema.text(words, [...state.doc.resolve(from + 1).marks().filter(({ type }) => type !== marks.link), made]));
    } else {
      transaction.removeMark(from, to, marks.link).addMark(from, to, made);
    }
    dispatch?.(transaction.scrollIntoView());
    return true;
  };
}

export const removeLink = ({ from, to }) => (state, dispatch) => {
  dispatch?.(state.tr.removeMark(from, to, marks.link));
  return true;
};

export function setImage(attrs) {
  return (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(nodes.image.create(attrs), false).scrollIntoView());
    return true;
  };
}

const DECORATIVE = "decorative";

// What was chosen from the media library: pictures, and links to files. Several get a paragraph each, but not within a cell.
export function insertMedia(answers) {
  return (state, dispatch) => {
    const made = answers.map(({ path, isPicture, words, isDecorative }) => (isPicture
      ? nodes.image.create({ src: path, alt: words, title: isDecorative ? DECORATIVE : null })
      : schema.text(words, [marks.link.create({ href: path })])));
    if (!made.length) return false;
    const inLine = made.flatMap((node, at) => (at ? [schema.text(" "), node] : [node]));
    const content = made.length === 1 || isInTable(state) ? Fragment.from(inLine) : Fragment.from(made.map((node) => nodes.paragraph.create(null, node)));
    const open = Number(content.firstChild.isBlock);
    dispatch?.(state.tr.replaceSelection(new Slice(content, open, open)).scrollIntoView());
    return true;
  };
}

// A picture as the dialog of the media library takes it, to be described otherwise.
export function describeImage({ src, alt, title }) {
  const name = src.split("/").pop();
  return { thing: { path: src, title: name, kind: "picture", about: src, small: src, focus: "centre" }, alt, isDecorative: title === DECORATIVE };
}

export const imageAt = ({ selection: { node } }) => (node?.type === nodes.image ? node.attrs : undefined);
