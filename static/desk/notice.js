// One line at the foot of the window that says what became of what was typed, and a voice for screen readers.
import { element } from "./dom.js";

const line = element("div", { className: "notice", hidden: true });
const herald = element("p", { className: "visually-hidden" });
for (const region of [line, herald]) region.setAttribute("role", "status");
document.body.append(line, herald);

let timer;

// Shows a sentence: `kind` is "busy", "done" or "warning". What is done goes away by itself.
export function tell(kind, ...content) {
  clearTimeout(timer);
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
  herald.textContent = "";
  setTimeout(() => { herald.textContent = text; }, 50);
}
