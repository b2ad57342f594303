// Every action with its name, its keys and its picture: the toolbar, the menu of blocks and the keys are made from this.
import { redo, undo } from "prosemirror-history";
import {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable,
} from "prosemirror-tables";
import { codeBlock, container, footnote, heading, mark, markdownBlock, quote, rule } from "./commands.js";
import { descriptions } from "./descriptions.js";
import { imageAt, linkAt } from "./links.js";
import { bulletList, indent, orderedList, outdent, taskList, tick } from "./lists.js";
import { move } from "./moves.js";
import { align, table } from "./tables.js";

const inTable = (run) => ({ run, isShown: isInTable });
// Within a table its own tools take their place.
const isShown = (state) => !isInTable(state);

// `block`: also in the menu of blocks, with further words that find it. `isOn`: a state, which its button shows.
export const ACTIONS = {
  undo: { label: "Undo", keys: "Mod-z", run: undo },
  redo: { label: "Redo", keys: "Mod-Shift-z", run: redo },
  heading: { label: "Heading", keys: "Mod-Alt-2", ...heading(2), block: "title section h2", isShown },
  subheading: { label: "Subheading", keys: "Mod-Alt-3", ...heading(3), block: "section h3", isShown },
  minor: { label: "Minor heading", keys: "Mod-Alt-4", ...heading(4), block: "section h4", isShown },
  bold: { label: "Bold", keys: "Mod-b", ...mark("strong") },
  italic: { label: "Italic", keys: "Mod-i", ...mark("em") },
  strike: { label: "Strikethrough", keys: "Mod-Shift-x", ...mark("strike") },
  code: { label: "Code", keys: "Mod-e", ...mark("code") },
  link: { label: "Link", keys: "Mod-k", opens: "link", isOn: (state) => Boolean(linkAt(state)?.attrs) },
  image: { label: "Picture", opens: "image", block: "image photo img", isOn: (state) => Boolean(imageAt(state)) },
  bullets: { label: "Bulleted list", keys: "Mod-Shift-8", ...bulletList, block: "bullets unordered ul", isShown },
  numbers: { label: "Numbered list", keys: "Mod-Shift-7", ...orderedList, block: "ordered ol steps", isShown },
  tasks: { label: "Task list", keys: "Mod-Shift-9", ...taskList, block: "to do checklist tick", isShown },
  tick: { label: "Done", keys: "Alt-Enter", ...tick, isShown },
  outdent: { label: "Outdent", keys: "Ctrl-[", run: outdent, isShown },
  indent: { label: "Indent", keys: "Ctrl-]", run: indent, isShown },
  quote: { label: "Quote", ...quote, block: "blockquote citation", isShown },
  codeBlock: { label: "Code block", ...codeBlock, block: "pre preformatted", isShown },
  table: { label: "Table", run: table, block: "grid rows columns", isShown },
  descriptions: { label: "Description list", run: descriptions, block: "definition term glossary dl", isShown },
  rule: { label: "Line", run: rule, block: "divider rule hr separator", isShown },
  footnote: { label: "Footnote", run: footnote, block: "note reference" },
  notice: { label: "Notice", run: container(":::notice\nWhat readers should note.\n:::"), block: "callout note important warning", isShown },
  steps: { label: "Steps", run: container(":::steps\n1. First do this.\n2. Then do that.\n:::"), block: "instructions procedure", isShown },
  keyFacts: { label: "Key facts", run: container(":::key-facts\nTerm\n: What it is\n:::"), block: "facts summary glance", isShown },
  figure: { label: "Figure with a caption", run: container(":::figure\n![What it shows](/media/picture.jpg)\n\nThe caption.\n:::"), block: "picture image caption", isShown },
  children: { label: "Pages below this page", run: container(":::children\n:::"), block: "list contents section", isShown },
  labelled: { label: "Pages with a label", run: container(":::labelled Certification\n:::"), block: "list tag", isShown },
  question: { label: "Question with its answer", run: container(":::question\n[The question](/faq#slug)\n:::"), block: "faq answer", isShown },
  download: { label: "File to download", run: container(":::download\n[Name of the file](/media/file.pdf)\n:::"), block: "document pdf attachment", isShown },
  markdown: { label: "Markdown block", run: markdownBlock, block: "source html raw", isShown },
  up: { label: "Move up", keys: "Alt-Shift-ArrowUp", run: move(-1) },
  down: { label: "Move down", keys: "Alt-Shift-ArrowDown", run: move(1) },
  rowAbove: { label: "Add a row above", ...inTable(addRowBefore) },
  rowBelow: { label: "Add a row below", ...inTable(addRowAfter) },
  columnBefore: { label: "Add a column before", ...inTable(addColumnBefore) },
  columnAfter: { label: "Add a column after", ...inTable(addColumnAfter) },
  alignLeft: { label: "Align the column left", ...align("left"), isShown: isInTable },
  alignCenter: { label: "Centre the column", ...align("center"), isShown: isInTable },
  alignRight: { label: "Align the column right", ...align("right"), isShown: isInTable },
  deleteRow: { label: "Delete the row", ...inTable(deleteRow) },
  deleteColumn: { label: "Delete the column", ...inTable(deleteColumn) },
  deleteTable: { label: "Delete the table", ...inTable(deleteTable) },
  find: { label: "Find and replace", keys: "Mod-f", opens: "find" },
  full: { label: "Full screen", keys: "Mod-Shift-f", opens: "full" },
};

export const GROUPS = [
  ["undo", "redo"],
  ["heading", "subheading", "minor"],
  ["bold", "italic", "strike", "code", "link"],
  ["bullets", "numbers", "tasks", "tick", "outdent", "indent"],
  ["quote", "codeBlock", "descriptions", "table", "image", "rule", "footnote", "markdown"],
  ["rowAbove", "rowBelow", "columnBefore", "columnAfter", "alignLeft", "alignCenter", "alignRight", "deleteRow", "deleteColumn", "deleteTable"],
  ["up", "down"],
  ["find", "full"],
];
