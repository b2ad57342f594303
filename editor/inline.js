// From the words of a block to Markdown: what has to be escaped, and where signs of emphasis may be.
const PUNCTUATION = /[\p{P}\p{S}]/u;
const WORD = /[\p{L}\p{N}]/u;
const SIGNS = { em: "*", strong: "**", strike: "~~" };
const entity = (character) => `&#${character.codePointAt(0)};`;
const firstOf = (text) => (text ? String.fromCodePoint(text.codePointAt(0)) : "");
const lastOf = (text) => [...text.slice(-2)].at(-1) ?? "";

// What means something anywhere in a line.
export function escapeWithin(text) {
  return text.replace(/[\\`*_[\]<&~]/g, (sign, at) => {
    const [before, after] = [text[at - 1] ?? "", text.slice(at + 1)];
    switch (sign) {
      case "_": return /\w/.test(before) && /^\w/.test(after) ? sign : `\\${sign}`;
      case "*": return before === " " && after.startsWith(" ") ? sign : `\\${sign}`;
      case "<": return /^[a-z/!?]/i.test(after) ? `\\${sign}` : sign;
      case "&": return /^#?\w+;/.test(after) ? `\\${sign}` : sign;
      case "~": return /(?:https?:\/\/|www\.)\S*$/.test(text.slice(0, at)) ? sign : `\\${sign}`;
      default: return `\\${sign}`;
    }
  });
}

// What means something at the beginning of a line.
const escapeStart = (text) => text
  .replace(/^[>|=]|^[-+*:](?=[\s|:-]|$)|^#{1,6}(?=\s|$)/, "\\$&")
  .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");

export const title = (text) => (text ? ` "${text.replace(/["\\]/g, "\\$&")}"` : "");

export function destination(address, hasTitle) {
  if (!address) return hasTitle ? "<>" : "";
  const line = address.replace(/[\r\n]/g, " ").replace(/&(?=#?\w+;)/g, "\\&");
  return /[\s()<>\\]/.test(line) ? `<${line.replace(/[<>]|\\(?!&)/g, "\\$&")}>` : line;
}

// The words in pieces, spaces and breaks apart from the rest, each with its marks.
function split(parent) {
  const pieces = [];
  parent.forEach((node) => {
    const { marks, type, attrs } = node;
    const isCode = marks.some(({ type: { name } }) => name === "code");
    if (!node.isText) pieces.push({ kind: type.name, attrs, marks: [...marks] });
    else if (isCode) pieces.push({ kind: "code", text: node.text, marks: marks.filter(({ type: { name } }) => name !== "code") });
    else for (const text of node.text.replace(/\n/g, " ").match(/\s+|\S+(?:\s+\S+)*/g) ?? []) pieces.push({ kind: /\S/.test(text) ? "text" : "space", text, marks: [...marks] });
  });
  while (pieces.length && isGap(pieces[0])) pieces.shift();
  while (pieces.length && isGap(pieces.at(-1))) pieces.pop();
  // Spaces around a break are lost.
  return pieces.filter(({ kind }, at) => kind !== "space" || ![pieces[at - 1], pieces[at + 1]].some((other) => other?.kind === "hard_break"));
}

const isGap = ({ kind }) => kind === "space" || kind === "hard_break";

// How many pieces from here on have this mark.
function reach(pieces, at, mark) {
  let end = at;
  while (end < pieces.length && mark.isInSet(pieces[end].marks)) end += 1;
  return end - at;
}

function isBare(pieces, at, mark) {
  const { kind, text, marks } = pieces[at];
  const { href, title: words } = mark.attrs;
  return kind === "text" && text === href && !words && marks.at(-1) === mark && reach(pieces, at, mark) === 1 && /^[a-z][a-z0-9+.-]{1,31}:[^\s<>]*$/i.test(href);
}

// Signs and words in order. `sign` is emphasis, `text` may be rewritten.
function tokens(pieces, lineBreak) {
  const found = [];
  const open = [];
  const close = (count) => {
    while (open.length > count) {
      const { type, attrs, isBare: bare, sign } = open.pop();
      if (type.name !== "link") found.push({ sign, closes: true });
      else found.push({ raw: bare ? ">" : `](${destination(attrs.href, attrs.title)}${title(attrs.title)})` });
    }
  };
  pieces.forEach((piece, at) => {
    // Marks neither begin nor end with a space or a break.
    const here = isGap(piece) ? piece.marks.filter((mark) => mark.isInSet(pieces[at + 1].marks)) : piece.marks;
    const kept = open.findIndex(({ mark }) => !mark.isInSet(here));
    if (kept >= 0) close(kept);
    const missing = isGap(piece) ? [] : here.filter((mark) => !open.some((one) => one.mark.eq(mark)));
    // What lasts longest is outermost; a link cannot be interrupted.
    missing.sort((one, other) => reach(pieces, at, other) - reach(pieces, at, one));
    for (const mark of missing) {
      const bare = mark.type.name === "link" && isBare(pieces, at, mark);
      // Behind two that end, one more star would belong to them.
      const ends = found.slice(-2).filter(({ closes, sign }) => closes && sign[0] === "*").length;
      const sign = ends === 2 ? SIGNS[mark.type.name]?.replaceAll("*", "_") : SIGNS[mark.type.name];
      open.push({ mark, type: mark.type, attrs: mark.attrs, isBare: bare, sign });
      found.push(mark.type.name === "link" ? { raw: bare ? "<" : "[" } : { sign, closes: false });
    }
    found.push(...words(piece, open.at(-1)?.isBare, lineBreak));
  });
  close(0);
  return found;
}

function words({ kind, text, attrs }, isBareAddress, lineBreak) {
  switch (kind) {
    case "text": return [isBareAddress ? { raw: text } : { text: escapeWithin(text) }];
    case "space": return [{ raw: text }];
    case "code": return [{ raw: ticked(text) }];
    case "hard_break": return [{ raw: lineBreak }];
    case "footnote": return [{ raw: `[^${attrs.label}]` }];
    default: return [{ raw: `![${escapeWithin(attrs.alt ?? "").replace(/\n/g, " ")}](${destination(attrs.src, attrs.title)}${title(attrs.title)})` }];
  }
}

// Code, with a space that keeps its ticks apart from ticks or spaces at its ends.
function ticked(text) {
  const line = text.replace(/\n/g, " ");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const space = /^`|`$/.test(line) || (/^ .* $/.test(line) && /\S/.test(line)) ? " " : "";
  const ticks = "`".repeat(longest + 1);
  return ticks + space + line + space + ticks;
}

const written = (token) => token?.text ?? token?.raw ?? "";

// Signs between a letter and punctuation would be no emphasis: there, the letter is written so that it counts as
// punctuation. That may make it necessary at the signs on its other side too.
function fixSigns(found) {
  let isFixed = false;
  while (!isFixed) {
    isFixed = true;
    found.forEach((token, at) => {
      if (token.sign && !found[at - 1]?.sign && fixRun(found, at)) isFixed = false;
    });
  }
}

function fixRun(found, at) {
  let end = at;
  while (found[end]?.sign) end += 1;
  const run = found.slice(at, end);
  const [before, after] = [found[at - 1], found[end]];
  const [left, right] = [lastOf(written(before)), firstOf(written(after))];
  const token = (place) => run.at(place).sign[0];
  // Signs of another kind beside them are punctuation.
  const until = run.findIndex(({ sign }) => sign[0] !== token(0));
  const first = until < 0 ? run : run.slice(0, until);
  const last = run.slice(run.findLastIndex(({ sign }) => sign[0] !== token(-1)) + 1);
  const isMixed = first.length < run.length;
  const opens = first.some(({ closes }) => !closes) && (isMixed || PUNCTUATION.test(right));
  const ends = last.some(({ closes }) => closes) && (isMixed || PUNCTUATION.test(left));
  // Underlines do nothing within words.
  const isUnderline = token(0) === "_";
  let isChanged = false;
  if (before?.text && (opens || isUnderline) && WORD.test(left)) {
    before.text = before.text.slice(0, -left.length) + entity(left);
    isChanged = true;
  }
  if (after?.text && (ends || isUnderline) && WORD.test(right)) {
    after.text = entity(right) + after.text.slice(right.length);
    isChanged = true;
  }
  return isChanged;
}

// The Markdown of what a paragraph or a heading holds.
export function inline(parent, lineBreak = "\\\n") {
  const found = tokens(split(parent), lineBreak);
  found.forEach((token, at) => {
    if (token.text === undefined) return;
    const [before, after] = [found[at - 1], found[at + 1]];
    if (!before || before.raw === lineBreak) token.text = escapeStart(token.text);
    if (after?.raw === "[") token.text = token.text.replace(/!$/, "\\!");
    if (!after && parent.type.name === "heading") token.text = token.text.replace(/(^|\s)(#+)$/, "$1\\$2");
  });
  fixSigns(found);
  return found.map((token) => token.sign ?? written(token)).join("");
}
