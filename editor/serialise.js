// From a block of the editor to Markdown. Knows no screen.
import { Fragment } from "prosemirror-model";
import { MarkdownSerializer } from "prosemirror-markdown";
import { destination, escapeWithin, inline, title } from "./inline.js";

// Two lists of one kind in a row are told apart by their signs.
function signOf(parent, index, name, signs) {
  const node = parent.child(index);
  const before = index > 0 ? parent.child(index - 1) : undefined;
  const taken = before?.type === node.type ? signOf(parent, index - 1, name, signs) : undefined;
  return node.attrs[name] === taken ? signs.find((sign) => sign !== taken) : node.attrs[name];
}

function fenced(state, node) {
  const longest = Math.max(2, ...[...node.textContent.matchAll(/`+/g)].map(([run]) => run.length));
  const { params } = node.attrs;
  const fence = params.includes("`") ? "~".repeat(Math.max(3, ...[...node.textContent.matchAll(/~+/g)].map(([run]) => run.length + 1))) : "`".repeat(longest + 1);
  state.write(`${fence}${params}\n`);
  if (node.textContent) {
    state.text(node.textContent, false);
    // An empty last line is one too.
    state.out += "\n";
  }
  state.write(fence);
  state.closeBlock(node);
}

// Markdown has no empty paragraphs.
function withoutEmpty(node) {
  const kept = [];
  node.forEach((child) => child.type.name === "paragraph" && child.content.size === 0 || kept.push(child));
  return node.copy(Fragment.from(kept));
}

const blocks = {
  paragraph(state, node) {
    state.text(inline(node), false);
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${"#".repeat(node.attrs.level)} `);
    state.text(inline(node), false);
    state.closeBlock(node);
  },
  blockquote: (state, node) => state.wrapBlock("> ", null, node, () => state.renderContent(withoutEmpty(node))),
  code_block: fenced,
  markdown(state, node) {
    state.text(node.textContent, false);
    state.closeBlock(node);
  },
  // One line each; a pair of nothing is none.
  description_list(state, node) {
    const lines = [];
    for (let at = 0; at < node.childCount; at += 2) {
      const [term, details] = [node.child(at), node.child(at + 1)].map((child) => inline(child));
      if (!term && !details) continue;
      if (lines.length) lines.push("");
      lines.push(term || "&nbsp;", `: ${details || "&nbsp;"}`);
    }
    lines.forEach((line, at) => {
      state.write(line);
      if (at + 1 < lines.length) state.out += "\n";
    });
    state.closeBlock(node);
  },
  horizontal_rule(state, node) {
    state.write("---");
    state.closeBlock(node);
  },
  bullet_list(state, node, parent, index) {
    const sign = signOf(parent, index, "bullet", ["-", "*", "+"]);
    separate(state, node);
    state.renderList(node, "  ", () => `${sign} `);
  },
  ordered_list(state, node, parent, index) {
    const sign = signOf(parent, index, "delimiter", [".", ")"]);
    const width = String(node.attrs.order + node.childCount - 1).length;
    separate(state, node);
    state.renderList(node, " ".repeat(width + 2), (at) => `${node.attrs.order + at}${sign} `.padEnd(width + 2));
  },
  list_item(state, node) {
    const { checked } = node.attrs;
    if (checked !== null && node.firstChild.type.name === "paragraph") state.write(checked ? "[x] " : "[ ] ");
    state.renderContent(withoutEmpty(node));
  },
  table(state, node) {
    const rows = [];
    node.forEach((row) => {
      const cells = [];
      row.forEach((cell) => cells.push(cellText(cell)));
      rows.push(`| ${cells.join(" | ")} |`);
    });
    rows.splice(1, 0, `|${alignments(node.firstChild).join("|")}|`);
    rows.forEach((row) => {
      state.write(row);
      state.ensureNewLine();
    });
    state.out = state.out.replace(/\n$/, "");
    state.closeBlock(node);
  },
};

// The list before was closed with the same kind of node, for which the library leaves more lines than it takes.
function separate(state, node) {
  if (state.closed?.type === node.type) state.flushClose(2);
}

function alignments(row) {
  const signs = { left: ":--", center: ":-:", right: "--:" };
  return Array.from({ length: row.childCount }, (_, at) => signs[row.child(at).attrs.align] ?? "---");
}

const cellText = (cell) => inline(cell.firstChild, "<br>").replace(/\|/g, "\\|");

const serializer = new MarkdownSerializer(blocks, {});

// The Markdown of one block; `attrs` in place of its own.
export function serialise(node, attrs) {
  const block = attrs ? node.type.create({ ...node.attrs, ...attrs }, node.content) : node;
  const text = serializer.serialize(block.type.schema.node("doc", null, [block]));
  return node.type.name === "markdown" ? text.replace(/\s+$/, "") : text.replace(/^\n+|\n+$/g, "");
}
