// The sheet of all keys, which "?" opens outside of fields. Who does not want a key that is a single sign can switch it off there.
import { all, element, one } from "./dom.js";
import { isTyping, shown } from "./keys.js";

const OFF = "plinth:question-mark-off";
const GROUPS = [
  ["Everywhere", [
    ["Search or go to", ["Mod+K"]],
    ["This sheet", ["?"]],
    ["Save the form that has the focus", ["Mod+S"]],
    ["Close a dialog", ["Esc"]],
  ]],
  ["Pages and questions", [
    ["Show what would be published, and publish it", ["Mod+Enter"]],
  ]],
  ["The text", [
    ["Link, where something is selected", ["Mod+K"]],
    ["Bold, italic, code", ["Mod+B", "Mod+I", "Mod+E"]],
    ["Heading, subheading, minor heading", ["Mod+Alt+2", "Mod+Alt+3", "Mod+Alt+4"]],
    ["Bulleted, numbered, task list", ["Mod+Shift+8", "Mod+Shift+7", "Mod+Shift+9"]],
    ["Move the block up or down", ["Alt+Shift+↑", "Alt+Shift+↓"]],
    ["Menu of blocks, at the start of a line", ["/"]],
    ["Undo, redo", ["Mod+Z", "Mod+Shift+Z"]],
    ["Find and replace", ["Mod+F"]],
    ["Full screen", ["Mod+Shift+F"]],
  ]],
];

const isOff = () => {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
};

function switchOff(on) {
  try {
    if (on) localStorage.setItem(OFF, "yes");
    else localStorage.removeItem(OFF);
  } catch { /* then it is so until the screen is left */ }
}

function drawGroup([heading, rows]) {
  const list = element("dl", {});
  for (const [words, keys] of rows) {
    const marks = keys.flatMap((key, at) => [...(at ? [" "] : []), element("kbd", {}, shown(key))]);
    list.append(element("div", {}, element("dt", {}, words), element("dd", {}, ...marks)));
  }
  return [element("h3", {}, heading), list];
}

export function openKeys() {
  if (one("dialog[open]")) return;
  const title = element("h2", { id: "_keys", tabIndex: -1 }, "Keyboard shortcuts");
  const sign = element("input", { type: "checkbox", id: "_keys-sign", checked: !isOff() });
  sign.addEventListener("change", () => switchOff(!sign.checked));
  const choice = element("div", { className: "field choice" }, sign, element("label", { htmlFor: sign.id }, "“?” opens this sheet"));
  const close = element("div", { className: "form-actions" }, element("button", { className: "button" }, "Close"));
  const dialog = element("dialog", { className: "keys" }, element("form", { method: "dialog" }, title, ...GROUPS.flatMap(drawGroup), choice, close));
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  title.focus();
}

addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || isTyping(event.target)) return;
  if (isOff() || !one("[data-shortcuts]")) return;
  event.preventDefault();
  openKeys();
});

for (const button of all("[data-shortcuts]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", openKeys);
}
