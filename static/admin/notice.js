// A status line at the bottom of the window, and messages for screen readers only.
import { element } from "./dom.js";

const line = element("div", { className: "notice", hidden: true });
const spoken = element("p", { className: "visually-hidden" });
for (const region of [line, spoken]) region.setAttribute("role", "status");
document.body.append(line, spoken);

let timer;
let speaking;

// Shows a sentence: `kind` is "busy", "done" or "warning". What is done goes away by itself. What was said before may not be
// so any more.
export function tell(kind, ...content) {
  clearTimeout(timer);
  announce("");
  line.className = `notice ${kind}`;
  line.replaceChildren(...content);
  line.hidden = false;
  if (kind === "done") timer = setTimeout(hush, 8000);
}

export function hush() {
  clearTimeout(timer);
  line.hidden = true;
  line.replaceChildren();
}

// Says something to screen readers without showing it.
export function announce(text) {
  clearTimeout(speaking);
  spoken.textContent = "";
  if (text) speaking = setTimeout(() => { spoken.textContent = text; }, 50);
}
