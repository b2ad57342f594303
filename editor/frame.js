// The elements around the text: the switch between both ways to write, the foot with the count, messages, full screen.
import { element } from "./dom.js";

export function makeFrame(area, id) {
  const modes = element("div", { className: "editor-modes", role: "group", "aria-label": "Way to write" });
  const way = (mode, words) => modes.appendChild(element("button", { type: "button", className: "editor-mode", "data-mode": mode, "aria-controls": mode === "visual" ? id : area.id }, words));
  const visual = way("visual", "Visual");
  const markdown = way("markdown", "Markdown");
  const surface = element("div", { className: "editor-surface" });
  const count = element("p", { className: "editor-count" });
  const status = element("div", { className: "editor-status", role: "status" });
  const spoken = element("p", { className: "visually-hidden", role: "status" });
  const foot = element("div", { className: "editor-foot" }, count, status, spoken);
  surface.style.setProperty("--lines", area.rows);
  const head = element("div", { className: "editor-head" });
  const dom = element("div", { className: "editor-frame" }, modes, head, surface, foot);
  area.before(dom);
  surface.append(area);
  return { dom, modes, visual, markdown, surface, count, status, spoken, head };
}

// A sentence, and buttons for what can be done about it.
export function tell(status, sentence, actions) {
  const buttons = actions.map(([words, act]) => {
    const button = element("button", { type: "button", className: "button small" }, words);
    button.addEventListener("click", () => {
      status.replaceChildren();
      act();
    });
    return button;
  });
  status.replaceChildren(...(sentence ? [element("span", {}, sentence)] : []), ...buttons);
}

const FULL = "plinth:full-screen";

// Everything but the frame, messages and dialogs is out of reach while it fills the screen.
export function fullScreen(dom, onChange) {
  let made = [];
  const remember = (isOn) => {
    try {
      if (isOn) sessionStorage.setItem(FULL, location.pathname);
      else sessionStorage.removeItem(FULL);
    } catch { /* then it is forgotten */ }
  };
  const set = (isOn) => {
    made.forEach((other) => { other.inert = false; });
    made = [];
    for (let place = dom; isOn && place !== document.body; place = place.parentElement) {
      for (const other of place.parentElement.children) {
        if (other === place || other.inert || other.matches(".notice, [role=status], dialog, script")) continue;
        other.inert = true;
        made.push(other);
      }
    }
    dom.classList.toggle("is-full", isOn);
    document.documentElement.classList.toggle("has-full-editor", isOn);
    remember(isOn);
    onChange(isOn);
  };
  dom.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !dom.classList.contains("is-full")) return;
    event.preventDefault();
    set(false);
  });
  return {
    toggle: () => set(!dom.classList.contains("is-full")),
    // Saving shows the same screen once more.
    restore() {
      try {
        if (sessionStorage.getItem(FULL) === location.pathname) set(true);
        else sessionStorage.removeItem(FULL);
      } catch { /* it was not remembered */ }
    },
    leave() {
      const wasOn = dom.classList.contains("is-full");
      if (wasOn) set(false);
      return wasOn;
    },
  };
}
