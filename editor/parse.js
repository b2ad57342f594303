// From Markdown to the blocks of the editor, one by one. Knows no screen.
import { MarkdownParser } from "prosemirror-markdown";
import { dialect, html } from "./dialect.js";
import { schema } from "./schema.js";
import { serialise } from "./serialise.js";

// The paragraphs of its items show it: those of a tight list are hidden.
function isTight(tokens, at) {
  const { level } = tokens[at];
  for (const { type, level: deep, hidden } of tokens.slice(at + 1)) {
    if (deep <= level) return true;
    if (type === "paragraph_open" && deep === level + 2) return hidden;
  }
  return true;
}

const alignOf = (token) => ({ align: /text-align:(\w+)/.exec(token.attrGet("style") ?? "")?.[1] ?? null });
const alt = ({ children }) => dialect.renderer.renderInlineAsText(children ?? [], dialect.options, {});

const parser = new MarkdownParser(schema, { parse: (tokens) => tokens }, {
  blockquote: { block: "blockquote" },
  paragraph: { block: "paragraph" },
  heading: { block: "heading", getAttrs: ({ tag }) => ({ level: Number(tag.slice(1)) }) },
  list_item: { block: "list_item", getAttrs: (token) => ({ checked: { yes: true, no: false }[token.attrGet("data-checked")] ?? null }) },
  bullet_list: { block: "bullet_list", getAttrs: ({ markup }, tokens, at) => ({ bullet: markup, tight: isTight(tokens, at) }) },
  ordered_list: {
    block: "ordered_list",
    getAttrs: (token, tokens, at) => ({ order: Number(token.attrGet("start") ?? 1), delimiter: token.markup, tight: isTight(tokens, at) }),
  },
  code_block: { block: "code_block", noCloseToken: true },
  fence: { block: "code_block", getAttrs: ({ info }) => ({ params: info.trim() }), noCloseToken: true },
  hr: { node: "horizontal_rule" },
  table: { block: "table" },
  thead: { ignore: true },
  tbody: { ignore: true },
  tr: { block: "table_row" },
  th: { block: "table_header", getAttrs: alignOf },
  td: { block: "table_cell", getAttrs: alignOf },
  image: { node: "image", getAttrs: (token) => ({ src: token.attrGet("src"), title: token.attrGet("title"), alt: alt(token) }) },
  footnote: { node: "footnote", getAttrs: ({ meta }) => ({ label: meta.label }) },
  hardbreak: { node: "hard_break" },
  em: { mark: "em" },
  strong: { mark: "strong" },
  s: { mark: "strike" },
  link: { mark: "link", getAttrs: (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") }) },
  code_inline: { mark: "code", noCloseToken: true },
});

// Cells hold a paragraph, which Markdown does not name.
function withParagraphs(tokens) {
  const paragraph = (type, nesting) => Object.assign(Object.create(Object.getPrototypeOf(tokens[0])), { type, nesting, tag: "p", hidden: true });
  return tokens.flatMap((token, at) => {
    const isInCell = token.type === "inline" && /^t[hd]_open$/.test(tokens[at - 1].type);
    return isInCell ? [paragraph("paragraph_open", 1), token, paragraph("paragraph_close", -1)] : [token];
  });
}

// The words of one line, if it is nothing but words.
function words(line, env) {
  const tokens = dialect.parse(line, { ...env });
  if (tokens.length !== 3 || tokens[0].type !== "paragraph_open" || tokens[1].meta?.isForeign) throw new Error("more than words");
  return parser.parse(tokens).firstChild.content;
}

// A list of descriptions, if each is one line right below its term.
function descriptions(source, env) {
  try {
    const pairs = source.split(/\n(?:[ \t]*\n)+/).flatMap((part) => {
      const [, term, details] = /^(?![ \t]*:)(\S[^\n]*)\n:[ \t]+(\S[^\n]*)$/.exec(part) ?? [];
      return [schema.node("description_term", null, words(term, env)), schema.node("description_details", null, words(details, env))];
    });
    const list = schema.node("description_list", null, pairs);
    list.check();
    return list;
  } catch {
    return undefined;
  }
}

function faithfulDescriptions(source, env) {
  const list = descriptions(source, env);
  return list && descriptions(serialise(list), env)?.eq(list) ? list : undefined;
}

const raw = (text) => schema.node("markdown", null, text ? [schema.text(text)] : []);
const DEEPEST = 90;

// The block of some tokens, if what would be written for it reads the same as its source.
function faithful({ tokens, source }, env) {
  if (tokens.some(({ meta, level }) => meta?.isForeign || level > DEEPEST)) return undefined;
  let document;
  try {
    document = parser.parse(withParagraphs(tokens));
    document.check();
    if (document.childCount !== 1) return undefined;
    const written = serialise(document.firstChild);
    const isSame = written === source || html(dialect.parse(written, { ...env }), env) === html(tokens, env);
    return isSame ? document.firstChild : undefined;
  } catch {
    // Not to be shown as anything but its source.
    return undefined;
  }
}

// The tokens of each block at the top, with its lines.
function group(tokens) {
  const groups = [];
  let open = 0;
  for (const token of tokens) {
    if (open === 0) groups.push({ tokens: [], lines: token.map });
    groups.at(-1).tokens.push(token);
    open += token.nesting;
  }
  return groups;
}

function lineStarts(text) {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
  return starts;
}

const isBlank = (text) => !/\S/.test(text);
const isDescription = ({ tokens }) => tokens.some(({ type, content }, at) =>
  type === "inline" && tokens[at - 1].type === "paragraph_open" && /(?:^|\n)[ \t]*:[ \t]/.test(content));

// Parts of one list of descriptions, which reads as several blocks here: a term may be alone above its description,
// and what is indented below belongs to it.
function belongTogether(before, after, gap) {
  if (!isBlank(gap)) return false;
  const begins = /^[ \t]{0,3}:[ \t]/.test(after.source);
  return begins || (before.isDescription && (after.isDescription || /^[ \t]/.test(after.source)));
}

// The blocks of a text: `source` and `node` of each, where it begins and ends, and whether it runs on to the end.
export function parse(text) {
  const env = {};
  const starts = lineStarts(text);
  const sourceOf = (from, to) => text.slice(from, to);
  const found = [];
  const add = (from, to, tokens = []) => {
    const source = sourceOf(from, to).replace(/\s*$/, "");
    if (isBlank(source)) return;
    found.push({ from, to: from + source.length, source, tokens, isDescription: isDescription({ tokens }) });
  };
  let at = 0;
  for (const { tokens, lines } of group(dialect.parse(text, env))) {
    const [from, to] = lines.map((line) => starts[line] ?? text.length);
    // What is no block of its own: definitions of links.
    if (from > at) add(at + sourceOf(at, from).search(/[^\r\n]|$/), from);
    add(from, to, tokens);
    at = to;
  }
  add(at + sourceOf(at, text.length).search(/[^\r\n]|$/), text.length);
  const blocks = [];
  for (const block of found) {
    const before = blocks.at(-1);
    if (before && belongTogether(before, block, sourceOf(before.to, block.from))) {
      Object.assign(before, { to: block.to, source: sourceOf(before.from, block.to), tokens: [], isDescription: true });
    } else {
      blocks.push(block);
    }
  }
  return blocks.map(({ from, to, source, tokens, isDescription: describes }) => ({
    from,
    to,
    source,
    node: (describes ? faithfulDescriptions(source, env) : tokens.length && faithful({ tokens, source }, env)) || raw(source),
    isOpen: tokens.length === 1 && /^(fence|container)$/.test(tokens[0].type) && !isClosed(source, tokens[0].markup),
  }));
}

function isClosed(source, fence) {
  const last = source.slice(source.lastIndexOf("\n") + 1);
  const end = last.trim();
  return source.includes("\n") && /^ {0,3}\S/.test(last) && end.length >= fence.length && end === fence[0].repeat(end.length);
}
