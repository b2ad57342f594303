// Find and replace within the text.
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { element } from "./dom.js";

const key = new PluginKey("find");

// Where the words are, block by block, in small letters or large.
function search(document, words) {
  const found = [];
  if (!words) return found;
  const wanted = words.toLocaleLowerCase();
  document.descendants((block, at) => {
    if (!block.isTextblock) return true;
    const text = block.textBetween(0, block.content.size, undefined, "\ufffc").toLocaleLowerCase();
    for (let place = text.indexOf(wanted); place >= 0; place = text.indexOf(wanted, place + wanted.length)) {
      found.push({ from: at + 1 + place, to: at + 1 + place + wanted.length });
    }
    return false;
  });
  return found.filter(({ to }) => to <= document.content.size);
}

const none = { words: "", found: [] };

export function finder(editor) {
  const plugin = new Plugin({
    key,
    state: {
      init: () => none,
      apply(change, old) {
        const words = change.getMeta(key)?.words ?? old.words;
        return words === old.words && !change.docChanged ? old : { words, found: search(change.doc, words) };
      },
    },
    props: {
      decorations(state) {
        const { found } = this.getState(state);
        const { from, to } = state.selection;
        return DecorationSet.create(state.doc, found.map((place) => Decoration.inline(place.from, place.to, { class: place.from === from && place.to === to ? "found current" : "found" })));
      },
    },
  });

  // Of no form: nothing of it is sent or counts as a change.
  const input = (label, id) => element("input", { type: "text", id, "aria-label": label, placeholder: label, form: "_none", autocomplete: "off", dir: "auto", spellcheck: false });
  const words = input("Find", `${editor.id}-find`);
  const other = input("Replace with", `${editor.id}-replace`);
  const count = element("p", { className: "meta", role: "status" });
  const button = (text, act) => {
    const made = element("button", { type: "button", className: "button small" }, text);
    made.addEventListener("click", act);
    return made;
  };

  const places = () => key.getState(editor.view.state).found;
  const set = (text) => editor.view.dispatch(editor.view.state.tr.setMeta(key, { words: text }));
  function tell() {
    const all = places();
    const { from, to } = editor.view.state.selection;
    const at = all.findIndex((place) => place.from === from && place.to === to);
    count.textContent = !words.value ? "" : !all.length ? "Not found" : at < 0 ? `${all.length} found` : `${at + 1} of ${all.length}`;
  }
  function go(way) {
    const all = places();
    const { view } = editor;
    const { from, to } = view.state.selection;
    if (!all.length) return tell();
    const next = way > 0 ? all.find((place) => place.from >= to && (place.from > from || place.to > to)) ?? all[0] : all.findLast((place) => place.to <= from) ?? all.at(-1);
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, next.from, next.to)).scrollIntoView());
    tell();
  }
  function replace() {
    const { view } = editor;
    const { from, to } = view.state.selection;
    if (places().some((place) => place.from === from && place.to === to)) view.dispatch(view.state.tr.insertText(other.value, from, to));
    go(1);
  }
  function replaceAll() {
    const { view } = editor;
    const all = places();
    const transaction = view.state.tr;
    for (const { from, to } of all.toReversed()) transaction.insertText(other.value, from, to);
    if (all.length) view.dispatch(transaction);
    count.textContent = all.length === 1 ? "1 replaced" : `${all.length} replaced`;
  }
  function close() {
    panel.hidden = true;
    set("");
    editor.view.focus();
  }

  const panel = element("div", { className: "editor-find", role: "search", "aria-label": "Find and replace", hidden: true },
    words, button("Next", () => go(1)), button("Previous", () => go(-1)), other, button("Replace", replace), button("Replace all", replaceAll), count, button("Close", close));
  for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation());
  words.addEventListener("input", () => { set(words.value); tell(); });
  panel.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === words) go(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === other) replace();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    plugin,
    dom: panel,
    open() {
      const { from, to, empty } = editor.view.state.selection;
      const selected = empty ? "" : editor.view.state.doc.textBetween(from, to, " ");
      panel.hidden = false;
      if (selected && selected.length < 100) words.value = selected;
      set(words.value);
      tell();
      words.focus();
      words.select();
    },
  };
}
