// The toolbar, by the pattern of ARIA: one stop for Tab, arrow keys within, pressed states. Knows actions by their table only.
import { ACTIONS, GROUPS } from "./actions.js";
import { element, keyNames, keyWords } from "./dom.js";
import { icon } from "./icons.js";

export function makeToolbar(editor, id) {
  const bar = element("div", { className: "editor-toolbar", role: "toolbar", "aria-label": "Formatting", "aria-controls": id });
  const buttons = [];
  for (const names of GROUPS) {
    const group = element("div", { className: "editor-group" });
    for (const name of names) group.append(makeButton(editor, name, buttons));
    bar.append(group);
  }
  const usable = () => buttons.filter(({ button }) => !button.hidden).map(({ button }) => button);
  let current = buttons[0].button;

  function stopAt(button) {
    current = button;
    for (const { button: other } of buttons) other.tabIndex = other === button ? 0 : -1;
  }

  bar.addEventListener("keydown", (event) => {
    const all = usable();
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return editor.view.focus();
    }
    const isBack = getComputedStyle(bar).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const to = { ArrowLeft: at + (isBack === "ArrowLeft" ? -1 : 1), ArrowRight: at + (isBack === "ArrowLeft" ? 1 : -1), Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    stopAt(all[(to + all.length) % all.length]);
    current.focus();
  });
  bar.addEventListener("focusin", ({ target }) => target.closest("button") && stopAt(target.closest("button")));
  // A press keeps the selection in the text.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  stopAt(current);

  return {
    dom: bar,
    focus() {
      if (current.hidden) stopAt(usable()[0]);
      current.focus();
    },
    update(state) {
      const hadFocus = bar.contains(document.activeElement);
      for (const { button, action } of buttons) {
        if (action.isShown) button.hidden = !action.isShown(state);
        if (action.isOn) button.setAttribute("aria-pressed", String(Boolean(action.isOn(state))));
        if (action.run) button.setAttribute("aria-disabled", String(!action.run(state)));
      }
      for (const group of bar.children) group.hidden = [...group.children].every((button) => button.hidden);
      if (!current.hidden) return;
      stopAt(usable()[0]);
      if (hadFocus) editor.view.focus();
    },
    set(name, isOn) {
      buttons.find(({ action }) => action === ACTIONS[name]).button.setAttribute("aria-pressed", String(isOn));
    },
  };
}

function makeButton(editor, name, buttons) {
  const action = ACTIONS[name];
  const hint = action.keys ? ` (${keyWords(action.keys)})` : "";
  const button = element("button", { type: "button", className: "editor-button", "aria-label": action.label, "data-tip": action.label + hint }, icon(name));
  if (action.keys) button.setAttribute("aria-keyshortcuts", keyNames(action.keys));
  if (action.opens === "full") button.setAttribute("aria-pressed", "false");
  // What is drawn can be a frame behind the text, so the text is asked.
  button.addEventListener("click", () => {
    if (!action.run || action.run(editor.view.state)) editor.act(name);
  });
  buttons.push({ button, action });
  return button;
}
