// Makes clean HTML of what comes from Word, Google Docs and web pages: structure and emphasis stay, looks go, and what
// cannot be kept is counted. Reads only; knows no editor.
import { isAllowed, isLocal } from "./link.js";

const KEPT = new Set("P H1 H2 H3 H4 H5 H6 BLOCKQUOTE UL OL LI TABLE THEAD TBODY TFOOT TR TH TD HR BR A EM I STRONG B S DEL STRIKE CODE".split(" "));
const BLOCKS = new Set("P H1 H2 H3 H4 H5 H6 BLOCKQUOTE UL OL LI TABLE HR PRE DIV SECTION ARTICLE HEADER FOOTER MAIN ASIDE NAV FIGURE FIGCAPTION DL DT DD ADDRESS".split(" "));
const SILENT = new Set("SCRIPT STYLE TEMPLATE NOSCRIPT META LINK TITLE HEAD BASE SOURCE TRACK PARAM COL COLGROUP".split(" "));
const LOST = {
  VIDEO: ["video", "videos"], AUDIO: ["recording", "recordings"], IFRAME: ["embedded page", "embedded pages"], OBJECT: ["embedded object", "embedded objects"],
  EMBED: ["embedded object", "embedded objects"], SVG: ["drawing", "drawings"], CANVAS: ["drawing", "drawings"], MATH: ["formula", "formulas"],
  INPUT: ["form field", "form fields"], SELECT: ["form field", "form fields"], TEXTAREA: ["form field", "form fields"], BUTTON: ["button", "buttons"],
};
const PICTURE = ["picture", "pictures"];
const LINK = ["link", "links"];
const CELL = ["merged cell", "merged cells"];

// Names of attributes that a policy watches are changed before anything reads them.
export const disarm = (html) => html
  .replace(/<(style|script|title)\b[\s\S]*?<\/\1\s*>/gi, "")
  .replace(/<!--[\s\S]*?-->/g, "")
  .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(["'\s/])(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));

const styleOf = (element, name) => new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(element.dataset?.style ?? "")?.[1].trim() ?? "";
const isBlock = (node) => BLOCKS.has(node.nodeName.toUpperCase());
const hasBlocks = (element) => [...element.children].some((child) => isBlock(child) || hasBlocks(child));

class Cleaner {
  constructor(origin) {
    this.origin = origin;
    this.lost = new Map();
  }

  lose(kind) {
    const known = this.lost.get(kind[0]) ?? { count: 0, kind };
    this.lost.set(kind[0], { ...known, count: known.count + 1 });
  }

  make(name, children, attributes = {}) {
    const made = this.document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  read(html) {
    this.document = new DOMParser().parseFromString(disarm(html), "text/html");
    const cleaned = this.make("div", this.children(this.document.body));
    return { html: cleaned.innerHTML, lost: [...this.lost.values()] };
  }

  children(element) {
    const found = [];
    let list;
    for (const child of element.childNodes) {
      const item = child.nodeType === Node.ELEMENT_NODE && wordItem(child);
      if (!item) {
        if (child.nodeType !== Node.TEXT_NODE || /\S/.test(child.data)) list = undefined;
        found.push(...this.node(child));
        continue;
      }
      // Word writes lists as paragraphs, each with its level.
      list = this.intoList(list, item, child, found);
    }
    return found;
  }

  intoList(open, { level, isOrdered, start }, paragraph, found) {
    const levels = open ?? [];
    levels.length = Math.min(levels.length, level);
    const name = isOrdered ? "ol" : "ul";
    if (levels[level - 1] && levels[level - 1].localName !== name) levels.length = level - 1;
    while (levels.length < level) {
      const list = this.make(name, [], isOrdered && levels.length === level - 1 ? { start } : {});
      const above = levels.at(-1)?.lastElementChild;
      if (above) above.append(list);
      else found.push(list);
      levels.push(list);
      if (levels.length < level) list.append(this.make("li", []));
    }
    levels.at(-1).append(this.make("li", [this.make("p", this.children(paragraph))]));
    return levels;
  }

  node(node) {
    if (node.nodeType === Node.TEXT_NODE) return [node.cloneNode()];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    const name = node.nodeName.toUpperCase();
    if (SILENT.has(name) || /^mso-list:\s*ignore/i.test(node.dataset?.style ?? "")) return [];
    if (name === "INPUT" && /^(checkbox|hidden)$/.test(node.type)) return [];
    if (LOST[name]) return this.lose(LOST[name]) ?? [];
    switch (name) {
      case "IMG": return this.picture(node);
      case "A": return this.link(node);
      case "PRE": return [this.make("pre", [node.textContent], { "data-params": /language-([\w+-]+)/.exec(node.firstElementChild?.className ?? "")?.[1] })];
      case "DL": return this.descriptions(node);
      case "TD":
      case "TH": return [this.cell(node, name)];
      case "LI": return [this.item(node)];
      default: return this.emphasised(node, name);
    }
  }

  emphasised(node, name) {
    let inside = this.children(node);
    const weight = styleOf(node, "font-weight");
    const isHeading = /^H[1-6]$/.test(name);
    const isLight = /^(normal|[1-4]00)$/.test(weight);
    const wrap = (tag) => { if (inside.length && !hasBlocks(node)) inside = [this.make(tag, inside)]; };
    if (!isHeading && !["B", "STRONG", "TH"].includes(name) && /^(bold|bolder|[6-9]00)$/.test(weight)) wrap("strong");
    if (!["I", "EM"].includes(name) && /^(italic|oblique)/.test(styleOf(node, "font-style"))) wrap("em");
    if (/line-through/.test(styleOf(node, "text-decoration"))) wrap("del");
    if (["B", "STRONG"].includes(name) && (isLight || hasBlocks(node))) return inside;
    if (["I", "EM"].includes(name) && styleOf(node, "font-style") === "normal") return inside;
    if (KEPT.has(name)) {
      const isEmpty = name === "P" && !inside.some((child) => /[^\s\u00a0]/.test(child.textContent) || child.querySelector?.("img, pre") || child.nodeName === "IMG");
      const start = name === "OL" && node.getAttribute("start");
      return isEmpty ? [] : [this.make(name, inside, start ? { start } : {})];
    }
    return isBlock(node) && !hasBlocks(node) && /\S/.test(node.textContent) ? [this.make("p", inside)] : inside;
  }

  // Each term has one description, in one line.
  descriptions(node) {
    const parts = [];
    for (const part of node.querySelectorAll("dt, dd")) {
      const isTerm = part.nodeName === "DT";
      if (isTerm === (parts.length % 2 === 1)) parts.push(this.make(isTerm ? "dd" : "dt", []));
      parts.push(this.make(part.nodeName, [inLine(part)]));
    }
    if (parts.length % 2) parts.push(this.make("dd", []));
    return parts.length ? [this.make("dl", parts)] : [];
  }

  item(node) {
    const box = node.querySelector(":scope > input[type=checkbox], :scope > p > input[type=checkbox], :scope > label > input[type=checkbox]");
    return this.make("li", this.children(node), box ? { "data-checked": box.checked || box.hasAttribute("checked") ? "yes" : "no" } : {});
  }

  // A cell holds one paragraph: its blocks become its lines.
  cell(node, name) {
    if (node.colSpan > 1 || node.rowSpan > 1) this.lose(CELL);
    const lines = [];
    const add = (nodes) => {
      for (const child of nodes) {
        if (!isBlock(child)) {
          if (!lines.length) lines.push([]);
          lines.at(-1).push(child);
        } else if (child.nodeName === "LI") {
          lines.push(["• "]);
          add(child.childNodes);
        } else {
          lines.push([]);
          add(child.childNodes);
          lines.push([]);
        }
      }
    };
    add([...this.children(node)]);
    const full = lines.filter((line) => line.some((part) => /\S/.test(part.textContent ?? part) || part.nodeName === "IMG"));
    const inside = full.flatMap((line, at) => (at ? [this.make("br", []), ...line] : line));
    return this.make(name, [this.make("p", inside)], { align: node.getAttribute("align") ?? (styleOf(node, "text-align") || undefined) });
  }

  // Relative addresses are those of a page that nobody knows here.
  address(typed) {
    if (!/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(typed)) return "";
    try {
      const url = new URL(typed, this.origin);
      return url.origin === this.origin ? url.pathname + url.search + url.hash : typed;
    } catch {
      return typed;
    }
  }

  picture(node) {
    const src = this.address(node.getAttribute("src") ?? "");
    const { alt } = node;
    if (isLocal(src)) return [this.make("img", [], { src, alt })];
    this.lose(PICTURE);
    return /^https?:/i.test(src) && alt ? [this.make("a", [alt], { href: src })] : [];
  }

  link(node) {
    const inside = this.children(node);
    const href = node.getAttribute("href");
    if (!href) return inside;
    const place = this.address(href);
    if (place && isAllowed(place) && !place.startsWith("#_")) return hasBlocks(node) ? inside : [this.make("a", inside, { href: place })];
    if (!place.startsWith("#")) this.lose(LINK);
    return inside;
  }
}

function wordItem(element) {
  const found = /mso-list:\s*l\d+\s+level(\d+)/i.exec(element.dataset.style ?? "");
  if (!found || element.nodeName !== "P") return undefined;
  const sign = [...element.querySelectorAll("[data-style]")].find((child) => /mso-list:\s*ignore/i.test(child.dataset.style))?.textContent.trim() ?? "";
  const number = /^\(?(\d+|[a-z]{1,4})[.)]/i.exec(sign);
  return { level: Math.min(6, Number(found[1])), isOrdered: Boolean(number), start: /^\d+$/.test(number?.[1] ?? "") ? number[1] : "1" };
}

const inLine = (element) => element.textContent.replace(/\s+/g, " ").trim();

// `lost`: what was left out, as [{ count, kind: [one, many] }].
export const clean = (html, origin) => new Cleaner(origin).read(html);
