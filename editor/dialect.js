// Reads Markdown as src/text/markdown.rs does, as far as the editor shows it. What it cannot tell apart from something
// else it marks as `foreign`: the editor keeps the source of that.
import MarkdownIt from "markdown-it";

export const dialect = new MarkdownIt({ html: true });

// Addresses stay as they were typed.
dialect.validateLink = () => true;
dialect.normalizeLink = (address) => address;
dialect.normalizeLinkText = (address) => address;
dialect.renderer.rules.softbreak = () => " ";
dialect.renderer.rules.footnote = (tokens, at) => `[^${tokens[at].meta.label}]`;

const DEFINITION = /^\[\^([^\]\s]+)\]:/;
const REFERENCE = /^\[\^([^\]\s[]+)\]/;
const TASK = /^\[([ xX])\](?:[ \t]+|$)/;
const BREAK = /^<br\s*\/?>$/i;

const key = (label) => label.toLowerCase();

// A footnote's text: its lines, and what is indented below them.
dialect.block.ruler.before("reference", "footnote_definition", (state, start, end, silent) => {
  if (state.sCount[start] - state.blkIndent >= 4) return false;
  const line = (at) => state.src.slice(state.bMarks[at] + state.tShift[at], state.eMarks[at]);
  const definition = DEFINITION.exec(line(start));
  if (!definition) return false;
  if (silent) return true;
  let next = start + 1;
  let last = next;
  for (; next < end; next++) {
    if (state.isEmpty(next)) continue;
    const isAfterGap = last < next;
    if (isAfterGap ? state.sCount[next] - state.blkIndent < 4 : DEFINITION.test(line(next))) break;
    last = next + 1;
  }
  state.env.footnotes ??= new Set();
  state.env.footnotes.add(key(definition[1]));
  const token = state.push("footnote_definition", "", 0);
  token.map = [start, last];
  state.line = last;
  return true;
}, { alt: ["paragraph", "reference", "blockquote", "list"] });

// A named container: its lines up to as many colons. The editor keeps its source.
dialect.block.ruler.before("fence", "container", (state, start, end, silent) => {
  if (state.sCount[start] - state.blkIndent >= 4) return false;
  const line = (at) => state.src.slice(state.bMarks[at] + state.tShift[at], state.eMarks[at]);
  const opening = /^(:{3,})[^:]*$/.exec(line(start));
  if (!opening) return false;
  if (silent) return true;
  const isEnd = (at) => state.sCount[at] - state.blkIndent < 4 && new RegExp(`^:{${opening[1].length},}[ \\t]*$`).test(line(at));
  let last = start + 1;
  while (last < end && !isEnd(last)) last++;
  const token = state.push("container", "", 0);
  Object.assign(token, { map: [start, Math.min(last + 1, end)], meta: { isForeign: true }, markup: opening[1] });
  state.line = token.map[1];
  return true;
}, { alt: ["paragraph", "reference", "blockquote", "list"] });

// Only what is defined is a footnote; anything else is the text it is.
dialect.inline.ruler.before("link", "footnote", (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x5b) return false;
  const reference = REFERENCE.exec(state.src.slice(state.pos, state.pos + 200));
  if (!reference || !state.env.footnotes?.has(key(reference[1]))) return false;
  if (!silent) state.push("footnote", "", 0).meta = { label: reference[1] };
  state.pos += reference[0].length;
  return true;
});

function readTask(tokens, at) {
  const [item, paragraph, inline] = tokens.slice(at, at + 3);
  const first = inline?.type === "inline" && paragraph.type === "paragraph_open" && inline.children[0];
  const task = first?.type === "text" && TASK.exec(inline.content);
  if (!task || !first.content.startsWith(task[0])) return;
  first.content = first.content.slice(task[0].length);
  item.attrSet("data-checked", task[1] === " " ? "no" : "yes");
}

// A single tilde strikes through for visitors, and a colon at the beginning of a line describes a term.
function isForeign(inline, isParagraph) {
  const { content } = inline;
  const words = content.replace(/(`+)[^`][\s\S]*?\1|(?:https?:\/\/|www\.)\S+/g, "");
  return /(?:^|[^\\~])~(?!~)[^~]*[^~\\]~(?!~)/.test(words) || (isParagraph && /(?:^|\n)[ \t]*:[ \t]/.test(content));
}

dialect.core.ruler.push("plinth", ({ tokens }) => {
  let cells = 0;
  tokens.forEach((token, at) => {
    if (token.type === "list_item_open") readTask(tokens, at);
    // The last line of a text has no end.
    if (/^(fence|code_block)$/.test(token.type)) token.content = token.content.replace(/([^\n])$/, "$1\n");
    if (/^t[hd]_/.test(token.type)) cells += token.nesting;
    if (token.type !== "inline") return;
    token.meta = { isForeign: isForeign(token, tokens[at - 1].type === "paragraph_open") };
    for (const child of cells ? token.children : []) {
      if (child.type === "html_inline" && BREAK.test(child.content)) Object.assign(child, { type: "hardbreak", tag: "br" });
    }
  });
});

// The HTML of some tokens, to be compared.
export const html = (tokens, env) => dialect.renderer.render(tokens, dialect.options, env);
