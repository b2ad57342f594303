// The palette: everything that can be gone to or done, by a few letters. A combobox in a dialog, after the pattern of WAI-ARIA; the
// server says what fits, and leads to what was chosen as any link does, so a form that holds something asks first. The
// browser keeps where its user was at last: paths, and no titles.
import { all, element, one } from "./dom.js";
import { named, shown } from "./keys.js";
import { openKeys } from "./key_sheet.js";
import { reasonIn, signedOut } from "./session.js";

const RECENT = `plinth:recent:${document.body.dataset.user}`;
const KEPT = 20;

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  } catch {
    return [];
  }
}

function remember() {
  const { pathname } = location;
  if (!/^\/admin\/[a-z-]+(\/\d+)?$/.test(pathname) || one("[data-error-summary]")) return;
  try {
    localStorage.setItem(RECENT, JSON.stringify([pathname, ...recent().filter((path) => path !== pathname)].slice(0, KEPT)));
  } catch { /* storage is switched off: then nothing is offered first */ }
}

class Palette {
  constructor() {
    this.input = element("input", { type: "text", id: "_palette", autocomplete: "off", spellcheck: false, dir: "auto", placeholder: "Search or go to…" });
    this.list = element("div", { id: "_palette-list", className: "palette-list" });
    this.status = element("p", { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "What can be opened");
    const attributes = { role: "combobox", "aria-label": "Search or go to", "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "true" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    const foot = element("p", { className: "palette-foot" });
    foot.append(...["↑ ↓ to choose", "Enter to open", `${shown("Mod+Enter")} for a new tab`, "Esc to close"].map((hint) => element("span", {}, hint)));
    this.dialog = element("dialog", { className: "palette" }, this.input, this.list, this.status, foot);
    this.dialog.setAttribute("aria-label", "Search or go to");
    this.input.addEventListener("input", () => this.ask());
    this.dialog.addEventListener("keydown", (event) => this.press(event));
    this.dialog.addEventListener("close", () => this.dialog.remove());
    // Beside it.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(option, event.ctrlKey || event.metaKey);
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.ask();
  }

  // Shows what fits what is typed now; whatever was asked before is of no interest any more.
  ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    this.answer = this.#fetch(this.input.value.trim(), this.asking.signal);
  }

  async #fetch(text, signal) {
    const here = location.pathname;
    const known = recent().filter((path) => path !== here);
    try {
      const response = await fetch(`/admin/search/palette?q=${encodeURIComponent(text)}&recent=${encodeURIComponent(text ? "" : known)}`, { signal, redirect: "manual" });
      // It leads to the sign-in.
      if (response.type === "opaqueredirect" || response.status === 401) {
        this.dialog.close();
        return signedOut("", reasonIn(response));
      }
      if (!response.ok) throw new Error(response.statusText);
      const { groups } = await response.json();
      if (!signal.aborted) this.#show(groups, text);
    } catch ({ name }) {
      if (name !== "AbortError") this.#say("The server cannot be asked now.");
    }
  }

  #say(words) {
    this.list.replaceChildren(element("p", { className: "meta" }, words));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = words;
  }

  #show(groups, text) {
    const own = text ? [["All texts", [{ title: `Search for “${text}”`, path: `/admin/search?q=${encodeURIComponent(text)}` }]]] : [["Help", [{ title: "Keyboard shortcuts", keys: "?" }]]];
    const shownGroups = [...groups.map(({ heading, entries, more }) => [heading, more ? [...entries, { title: `All of ${heading} that fit`, path: more }] : entries]), ...own];
    let number = 0;
    this.list.replaceChildren(...shownGroups.map(([heading, entries], at) => {
      const head = element("p", { className: "label", id: `_palette-group-${at}` }, heading);
      const list = element("ul", {}, ...entries.map((entry) => this.#option(entry, (number += 1))));
      list.setAttribute("role", "group");
      list.setAttribute("aria-labelledby", head.id);
      head.setAttribute("role", "presentation");
      const part = element("div", {}, head, list);
      part.setAttribute("role", "presentation");
      return part;
    }));
    const found = number - 1;
    this.status.textContent = text ? `${found} ${found === 1 ? "result" : "results"}.` : "";
    this.list.scrollTop = 0;
    this.#choose(this.#options()[0]);
  }

  #option({ title, number, about, path, keys, is_button: isButton }, id) {
    const parts = [number && element("span", { className: "number" }, number), element("span", { dir: "auto" }, title)];
    if (about) parts.push(element("span", { className: "meta", dir: "auto" }, about));
    if (keys) parts.push(element("kbd", { className: "meta" }, keys));
    const option = element("li", { id: `_palette-${id}` }, ...parts.filter(Boolean));
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.run = keys ? openKeys : isButton ? () => one(`.sidebar form[action="${path}"]`)?.requestSubmit() : undefined;
    option.path = path;
    return option;
  }

  #options = () => all("[role=option]", this.list);

  #choose(option) {
    for (const other of all("[aria-selected=true]", this.list)) other.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  async press(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const options = this.#options();
      const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      this.#choose(options[(at + step + options.length) % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.repeat) return;
      // Someone who types fast means what fits all of it.
      await this.answer;
      const option = one("[aria-selected=true]", this.list);
      if (option && this.dialog.isConnected) this.open(option, event.ctrlKey || event.metaKey);
    }
  }

  open({ run, path }, inNewTab) {
    this.dialog.close();
    if (run) return run();
    const link = element("a", { href: path, hidden: true });
    if (inNewTab) Object.assign(link, { target: "_blank", rel: "noopener" });
    document.body.append(link);
    link.click();
    link.remove();
  }
}

// In the text, the key is that of a link where something is selected or a link is.
function isForText({ target }) {
  const selection = getSelection();
  const node = selection.anchorNode?.nodeType === Node.TEXT_NODE ? selection.anchorNode.parentElement : selection.anchorNode;
  return target.isContentEditable && (!selection.isCollapsed || Boolean(node?.closest?.("a")));
}

function toggle() {
  const dialog = one("dialog[open]");
  if (dialog?.matches(".palette")) dialog.close();
  else if (!dialog) new Palette();
}

const button = one("[data-palette]");
if (button) {
  button.setAttribute("aria-keyshortcuts", named("Mod+K"));
  button.setAttribute("aria-haspopup", "dialog");
  const hint = element("kbd", {}, shown("Mod+K"));
  hint.setAttribute("aria-hidden", "true");
  button.append(hint);
  button.form.addEventListener("submit", (event) => {
    event.preventDefault();
    toggle();
  });
  // Before the editor of the text, which has the same key.
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || isForText(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) toggle();
  }, true);
  remember();
}
