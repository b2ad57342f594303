// The ticks of a list: one box for all of its rows, a range with the shift key, and how many there are. Ticks stay when the rows
// are exchanged.
import { all, element, one } from "./dom.js";

const form = one("form[data-bulk]");
const boxes = () => all(`input[type=checkbox][form="${form.id}"]`);
const kept = new Set();
let last;

function show() {
  const ticked = boxes().filter((box) => box.checked).length;
  all("[data-ticked]").forEach((count) => { count.textContent = ticked ? `${ticked} ticked` : "With those that are ticked"; });
  const whole = one("[data-tick-all]");
  whole.checked = ticked > 0 && ticked === boxes().length;
  whole.indeterminate = ticked > 0 && !whole.checked;
}

function remember() {
  kept.clear();
  for (const box of boxes()) if (box.checked) kept.add(box.value);
  show();
}

function tickRange(box) {
  const here = boxes();
  const [from, to] = [here.indexOf(last), here.indexOf(box)].sort((one, other) => one - other);
  for (const between of here.slice(from, to + 1)) between.checked = box.checked;
}

if (form) {
  const whole = element("input", { type: "checkbox", ariaLabel: "Tick all rows" });
  whole.dataset.tickAll = "";
  one(".cell-tick").replaceChildren(whole);
  whole.addEventListener("change", () => {
    for (const box of boxes()) box.checked = whole.checked;
    remember();
  });
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!boxes().includes(box)) return;
    if (event.shiftKey && last?.isConnected) tickRange(box);
    last = box;
    remember();
  });
  document.addEventListener("rows", () => {
    for (const box of boxes()) box.checked = kept.has(box.value);
    show();
  });
  remember();
}
