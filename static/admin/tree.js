// The tree of pages unfolds in place: the link of a row is followed by fetch, and the rows of the screen that it leads to take
// the place of those that are there. The arrow keys go from row to row, and unfold and fold.
import { all, one } from "./dom.js";

const tree = one("[data-tree]");
const rowOf = (element) => element?.closest("tr[data-level]");
const foldOf = (row) => one("a[data-fold]", row);
const titleOf = (row) => one("th a:not([data-fold])", row);
const isOpen = (row) => foldOf(row)?.getAttribute("aria-expanded") === "true";
const sameRow = (row) => one(`tr[data-id="${row.dataset.id}"]`, tree);

// Follows the link of a row; the focus stays on what has it in that row.
async function fold(row) {
  const onFold = document.activeElement === foldOf(row);
  // A move that was not sent yet is made first, and brings new rows.
  const waiting = [];
  tree.dispatchEvent(new CustomEvent("leave-rows", { detail: waiting }));
  await Promise.all(waiting);
  row = sameRow(row);
  const link = row && foldOf(row);
  if (!link) return;
  const address = link.href;
  let page;
  try {
    const response = await fetch(address, { redirect: "error" });
    if (!response.ok) throw new Error(response.statusText);
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return location.assign(address);
  }
  const fresh = one("[data-tree]", page);
  if (!fresh) return location.assign(address);
  tree.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  history.replaceState(null, "", address);
  // Where the ticks lead back to.
  const list = one("[data-bulk] input[name=list]");
  if (list) list.value = new URL(address).search.slice(1);
  row = sameRow(row);
  (onFold ? foldOf(row) : titleOf(row))?.focus();
  tree.dispatchEvent(new CustomEvent("rows", { bubbles: true }));
}

function goTo(row) {
  if (!row) return false;
  titleOf(row)?.focus();
  return true;
}

function step(row, by) {
  const rows = all("tr[data-level]", tree).filter(titleOf);
  return goTo(rows[rows.indexOf(row) + by]);
}

const KEYS = {
  ArrowDown: (row) => step(row, 1),
  ArrowUp: (row) => step(row, -1),
  ArrowRight: (row) => {
    if (!foldOf(row)) return false;
    if (isOpen(row)) return step(row, 1);
    fold(row);
    return true;
  },
  ArrowLeft: (row) => {
    if (!isOpen(row)) return goTo(one(`tr[data-id="${row.dataset.parent}"]`, tree));
    fold(row);
    return true;
  },
};

if (tree) {
  tree.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fold]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    link.focus();
    fold(rowOf(link));
  });
  tree.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !event.target.closest("th")) return;
    if (KEYS[event.key]?.(rowOf(event.target))) event.preventDefault();
  });
}
