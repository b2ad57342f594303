// The keys that editors expect. They act on the form, or the part of a form, that has the focus: Ctrl+S saves it;
// Ctrl+Enter opens the sheet that shows what would become public, and pressed there, publishes it; with the work of
// others among it, only the button does.
import { all, element, one } from "./dom.js";
import { named, shown } from "./keys.js";
import { tell } from "./notice.js";

const KEYS = { s: "save", enter: "publish" };
const HINTS = { save: "Mod+S", publish: "Mod+Enter" };

function addHints() {
  for (const [name, keys] of Object.entries(HINTS)) {
    for (const button of all(`button[data-${name}]`).filter((button) => !one("kbd", button))) {
      button.setAttribute("aria-keyshortcuts", named(keys));
      const kbd = element("kbd", {}, shown(keys));
      kbd.setAttribute("aria-hidden", "true");
      button.append(kbd);
    }
  }
}

// Where several buttons have the same key, only the one that it would press shows it.
function showHints() {
  for (const name of Object.values(KEYS)) {
    const buttons = all(`button[data-${name}]`);
    const next = buttons.length > 1 ? buttonFor(name) : undefined;
    if (buttons.length > 1) for (const button of buttons) one("kbd", button).hidden = button !== next;
  }
}

const formOf = (field) => field?.form ?? field?.closest("form");
let last;
document.addEventListener("focusin", ({ target }) => {
  if (formOf(target)) last = target;
  showHints();
});

// The button of the form that a field is in; where a form has several, that of the same section.
function buttonOf(field, buttons) {
  const own = buttons.filter((button) => button.form === formOf(field));
  if (own.length < 2) return own[0];
  const section = field.closest("section");
  return own.find((button) => section?.contains(button));
}

// The button for the field that has the focus; outside of forms, for the one that had it last, or else the only one.
function buttonFor(name) {
  const sheet = one("dialog.sheet[open]");
  if (sheet) return one(`button[data-${name}]:not(:disabled)`, sheet);
  const buttons = all(`button[data-${name}]`).filter((button) => !button.disabled);
  const focused = document.activeElement;
  if (formOf(focused)) return buttonOf(focused, buttons);
  return (last?.isConnected && buttonOf(last, buttons)) || (buttons.length === 1 ? buttons[0] : undefined);
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing || one("dialog[open]:not(.sheet)")) return;
  const name = KEYS[event.key.toLowerCase()];
  if (!name) return;
  const button = buttonFor(name);
  // The browser would offer to save the page as a file, which nobody here wants.
  if (button || name === "save") event.preventDefault();
  if (event.repeat) return;
  if (!button && name === "save") return tell("done", one("button[data-save]") ? "Click into what you want to save." : "There is nothing to save here.");
  if (!button) return;
  button.click();
});

function hint() {
  addHints();
  showHints();
}

hint();
document.addEventListener("brought-up-to-date", hint);
