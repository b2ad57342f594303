// The panel beside the text of a document: a script makes tabs of its parts. Which one is shown, and whether the panel is open,
// is remembered in this browser; the server says what is shown at first. Without a script all parts follow the text.
import { all, one } from "./dom.js";
import "./preview_width.js";

const KEY = "plinth:side-panel";
const layout = one("[data-side-panel]");
const tabs = layout ? all(".side-tabs a", layout) : [];
const toggle = layout && one("[data-side-toggle]", layout);
const partOf = (tab) => document.getElementById(tab.hash.slice(1));
const tabOf = (part) => tabs.find((tab) => partOf(tab) === part);

let shown = tabs.find((tab) => partOf(tab)?.classList.contains("is-shown")) ?? tabs[0];
let isOpen = true;

function draw() {
  layout.classList.toggle("is-closed", !isOpen);
  tabs[0].parentElement.setAttribute("aria-orientation", isOpen ? "horizontal" : "vertical");
  for (const tab of tabs) {
    const isShown = isOpen && tab === shown;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = tab === shown ? 0 : -1;
    partOf(tab).classList.toggle("is-shown", isShown);
  }
  toggle.textContent = isOpen ? "Hide" : "Show";
  toggle.setAttribute("aria-expanded", String(isOpen));
  layout.dispatchEvent(new CustomEvent("part-shown"));
}

function remember() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ part: shown.hash, isOpen }));
  } catch { /* then it is as at first the next time */ }
}

function recall() {
  const known = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (!known) return;
  shown = tabs.find((tab) => tab.hash === known.part) ?? shown;
  isOpen = known.isOpen;
}

function choose(tab, opens = true) {
  shown = tab;
  isOpen ||= opens;
  draw();
  remember();
}

function move(event) {
  const at = tabs.indexOf(event.target);
  const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) {
    if (at >= 0 && event.key === " ") event.target.click();
    else return;
  } else {
    const tab = tabs.at(next % tabs.length);
    choose(tab, false);
    tab.focus();
  }
  event.preventDefault();
}

// Shows the part that an element is in.
export function reveal(inside) {
  const tab = tabOf(inside?.closest(".side"));
  if (!tab || (isOpen && tab === shown)) return;
  shown = tab;
  isOpen = true;
  draw();
}

const revealTarget = () => location.hash && reveal(document.getElementById(decodeURIComponent(location.hash.slice(1))));

function begin() {
  tabs[0].parentElement.setAttribute("role", "tablist");
  for (const tab of tabs) {
    const part = partOf(tab);
    tab.id = `${part.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", part.id);
    part.setAttribute("role", "tabpanel");
    part.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      choose(tab);
    });
    tab.addEventListener("keydown", move);
  }
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    isOpen = !isOpen;
    draw();
    remember();
  });
  try {
    recall();
  } catch { /* storage is switched off, or holds something else */ }
  draw();
  revealTarget();
  addEventListener("hashchange", revealTarget);
  reveal(one(".side [aria-invalid]", layout));
}

if (tabs.length) begin();
