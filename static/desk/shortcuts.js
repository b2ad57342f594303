// The keys that editors expect. They act on the form that has the focus: Ctrl+S saves it; Ctrl+Enter leads to the screen
// that shows what would become public, and pressed there, publishes it.
import { all, element, one } from "./dom.js";
import { announce } from "./notice.js";

const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);
const KEYS = { s: "save", enter: "publish" };
const HINTS = { save: ["Control+S", isMac ? "⌘S" : "Ctrl+S"], publish: ["Control+Enter", isMac ? "⌘↩" : "Ctrl+Enter"] };

for (const [name, [key, hint]] of Object.entries(HINTS)) {
  for (const button of all(`button[data-${name}]`)) {
    button.setAttribute("aria-keyshortcuts", isMac ? key.replace("Control", "Meta") : key);
    const kbd = element("kbd", {}, hint);
    kbd.setAttribute("aria-hidden", "true");
    button.append(kbd);
  }
}

// The button of the form that has the focus; outside of forms, that of the only form which has one.
function buttonFor(name) {
  const buttons = all(`button[data-${name}]`).filter((button) => !button.disabled);
  const focused = document.activeElement;
  const form = focused?.form ?? focused?.closest("form");
  if (form) return buttons.find((button) => button.form === form);
  return new Set(buttons.map((button) => button.form)).size === 1 ? buttons[0] : undefined;
}

// Where the button would publish at once, the server shows first what would become public.
function publish(button) {
  if (button.dataset.publish !== "review") return button.click();
  const { form } = button;
  const review = one("button[value=review][hidden]", form) ?? element("button", { name: "do", value: "review", hidden: true });
  form.append(review);
  form.requestSubmit(review);
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing || one("dialog[open]")) return;
  const name = KEYS[event.key.toLowerCase()];
  if (!name) return;
  const button = buttonFor(name);
  // The browser would offer to save the page as a file, which nobody here wants.
  if (button || name === "save") event.preventDefault();
  if (event.repeat) return;
  if (!button) return name === "save" ? announce("There is nothing to save here.") : undefined;
  if (name === "publish") publish(button);
  else button.click();
});
