// The panel beside the text of a document: a script makes tabs of its parts. Which one is shown, and whether the panel is open,
// is remembered in this browser; the server says what is shown at first. Where there is no room beside the text, the tabs are at the
// foot of the window, and the panel opens over the text. Without a script all parts follow the text.
import { all, one } from "./dom.js";
import "./preview_width.js";

const KEY = "plinth:side-panel";
// As in the style sheet.
const narrow = matchMedia("(max-width: 69.99rem)");
const layout = one("[data-side-panel]");
const tabs = layout ? all(".side-tabs a", layout) : [];
const toggle = layout && one("[data-side-toggle]", layout);
const partOf = (tab) => document.getElementById(tab.hash.slice(1));
const tabOf = (part) => tabs.find((tab) => partOf(tab) === part);

let shown = tabs.find((tab) => partOf(tab)?.classList.contains("is-shown")) ?? tabs[0];
let isOpen = true;
// The same where there is room.
let isOpenBeside = true;

function draw() {
  layout.classList.toggle("is-closed", !isOpen);
  tabs[0].parentElement.setAttribute("aria-orientation", isOpen || narrow.matches ? "horizontal" : "vertical");
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
  if (!narrow.matches) isOpenBeside = isOpen;
  try {
    localStorage.setItem(KEY, JSON.stringify({ part: shown.hash, isOpen: isOpenBeside }));
  } catch { /* then it is as at first the next time */ }
}

function recall() {
  const known = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (!known) return;
  shown = tabs.find((tab) => tab.hash === known.part) ?? shown;
  isOpenBeside = known.isOpen;
}

// It never covers a text that nobody has seen yet.
function fit() {
  isOpen = isOpenBeside && !narrow.matches;
  draw();
}

function close(focused) {
  if (!isOpen || !narrow.matches) return false;
  isOpen = false;
  draw();
  focused?.focus();
  return true;
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

function leaveByKey(event) {
  if (event.key !== "Escape" || event.defaultPrevented || !event.target.closest(".side, .side-tabs")) return;
  if (close(shown)) event.preventDefault();
}

const revealTarget = () => location.hash && reveal(document.getElementById(decodeURIComponent(location.hash.slice(1))));

// How high the buttons are that a narrow window has at its foot.
function measureFoot() {
  const foot = one(".title-bar .actions");
  const isAtFoot = foot && getComputedStyle(foot).position === "fixed";
  document.documentElement.style.setProperty("--foot", `${isAtFoot ? foot.offsetHeight : 0}px`);
}

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
  layout.classList.add("is-tabbed");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    isOpen = !isOpen;
    draw();
    remember();
  });
  try {
    recall();
  } catch { /* storage is switched off, or holds something else */ }
  fit();
  narrow.addEventListener("change", fit);
  new ResizeObserver(measureFoot).observe(one(".title-bar .actions"));
  layout.addEventListener("keydown", leaveByKey);
  one(".editor-main", layout).addEventListener("focusin", () => close());
  revealTarget();
  addEventListener("hashchange", revealTarget);
  if (!narrow.matches) reveal(one(".side [aria-invalid]", layout));
}

if (tabs.length) begin();
