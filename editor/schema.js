// What a text can hold in the visual editor, and how it is drawn and recognised. Knows neither Markdown nor the screen.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";
import { isAllowed, isLocal } from "./link.js";

const block = (tag, more) => ({ content: "block+", group: "block", defining: true, parseDOM: [{ tag }], toDOM: () => [tag, 0], ...more });
const describing = (tag) => ({ content: "(text | image | footnote)*", defining: true, parseDOM: [{ tag }], toDOM: () => [tag, 0] });
const data = (dom, name, otherwise) => dom.getAttribute(`data-${name}`) ?? otherwise;

const heading = {
  attrs: { level: { default: 2 } },
  content: "(text | image | footnote)*",
  group: "block",
  defining: true,
  parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
  toDOM: ({ attrs }) => [`h${attrs.level}`, 0],
};

const code = {
  attrs: { params: { default: "" } },
  content: "text*",
  marks: "",
  group: "block",
  code: true,
  defining: true,
  parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: (dom) => ({ params: data(dom, "params", "") }) }],
  toDOM: ({ attrs }) => ["pre", { "data-params": attrs.params, dir: "ltr", spellcheck: "false" }, ["code", 0]],
};

// What has no other form: its source.
const markdown = {
  content: "text*",
  marks: "",
  group: "block",
  code: true,
  defining: true,
  parseDOM: [{ tag: "pre[data-markdown]", preserveWhitespace: "full", priority: 60 }],
  toDOM: () => ["pre", { "data-markdown": "" }, 0],
};

const bulletList = {
  attrs: { tight: { default: true }, bullet: { default: "-" } },
  content: "list_item+",
  group: "block",
  parseDOM: [{ tag: "ul", getAttrs: (dom) => ({ tight: data(dom, "tight", "yes") === "yes", bullet: data(dom, "bullet", "-") }) }],
  toDOM: ({ attrs }) => ["ul", { "data-tight": attrs.tight ? "yes" : "no", "data-bullet": attrs.bullet }, 0],
};

const orderedList = {
  attrs: { tight: { default: true }, order: { default: 1 }, delimiter: { default: "." } },
  content: "list_item+",
  group: "block",
  parseDOM: [{
    tag: "ol",
    getAttrs: (dom) => ({
      tight: data(dom, "tight", "yes") === "yes",
      order: Math.max(0, parseInt(dom.getAttribute("start") ?? "1", 10) || 0),
      delimiter: data(dom, "delimiter", "."),
    }),
  }],
  toDOM: ({ attrs }) => ["ol", { start: attrs.order, "data-tight": attrs.tight ? "yes" : "no", "data-delimiter": attrs.delimiter }, 0],
};

// `checked` is null for an item that is no task.
const listItem = {
  attrs: { checked: { default: null } },
  content: "block+",
  defining: true,
  parseDOM: [{ tag: "li", getAttrs: (dom) => ({ checked: { yes: true, no: false }[data(dom, "checked")] ?? null }) }],
  toDOM: ({ attrs }) => ["li", attrs.checked === null ? {} : { "data-checked": attrs.checked ? "yes" : "no" }, 0],
};

const align = {
  default: null,
  getFromDOM: (dom) => [data(dom, "align"), dom.getAttribute("align")].find((side) => ["left", "center", "right"].includes(side)) ?? null,
  setDOMAttr: (value, attrs) => { if (value) attrs["data-align"] = value; },
};

// A picture from elsewhere is not loaded, as on the public page.
const image = {
  inline: true,
  attrs: { src: {}, alt: { default: "" }, title: { default: null } },
  group: "inline",
  draggable: true,
  parseDOM: [
    { tag: "img[src]", getAttrs: (dom) => ({ src: dom.getAttribute("src"), alt: dom.getAttribute("alt") ?? "", title: dom.getAttribute("title") }) },
    { tag: "span[data-src]", getAttrs: (dom) => ({ src: data(dom, "src"), alt: data(dom, "alt", ""), title: data(dom, "title", null) }) },
  ],
  toDOM({ attrs: { src, alt, title } }) {
    if (isLocal(src)) return ["img", title === null ? { src, alt } : { src, alt, title }];
    const told = { class: "foreign-picture", "data-src": src, "data-alt": alt, title: "Visitors see a link: pictures are shown from this site only" };
    return ["span", title === null ? told : { ...told, "data-title": title }, alt || src];
  },
};

const footnote = {
  inline: true,
  attrs: { label: {} },
  group: "inline",
  atom: true,
  parseDOM: [{ tag: "sup[data-footnote]", getAttrs: (dom) => ({ label: data(dom, "footnote") }) }],
  toDOM: ({ attrs: { label } }) => ["sup", { "data-footnote": label, title: `Footnote ${label}` }, label],
};

const link = {
  attrs: { href: {}, title: { default: null } },
  inclusive: false,
  parseDOM: [
    { tag: "a[href]", getAttrs: (dom) => ({ href: dom.getAttribute("href"), title: dom.getAttribute("title") }) },
    { tag: "a[data-href]", getAttrs: (dom) => ({ href: data(dom, "href"), title: dom.getAttribute("title") }) },
  ],
  toDOM({ attrs: { href, title } }) {
    const place = isAllowed(href) ? { href } : { "data-href": href };
    return ["a", title === null ? place : { ...place, title }, 0];
  },
};

const isBold = (weight) => /^(bold(er)?|[5-9]\d{2,})$/.test(weight) && null;

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading,
    blockquote: block("blockquote"),
    code_block: code,
    markdown,
    description_list: { content: "(description_term description_details)+", group: "block", defining: true, parseDOM: [{ tag: "dl" }], toDOM: () => ["dl", 0] },
    description_term: describing("dt"),
    description_details: describing("dd"),
    horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    bullet_list: bulletList,
    ordered_list: orderedList,
    list_item: listItem,
    ...tableNodes({ tableGroup: "block", cellContent: "paragraph", cellAttributes: { align } }),
    text: { group: "inline" },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    image,
    footnote,
  },
  marks: {
    em: { parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
    strong: { parseDOM: [{ tag: "b" }, { tag: "strong" }, { style: "font-weight", getAttrs: isBold }], toDOM: () => ["strong", 0] },
    strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }], toDOM: () => ["del", 0] },
    link,
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", { spellcheck: "false" }, 0] },
  },
});
