// Rows of a list in a form: a button adds an empty one below the others, and others move a row without asking the server. Without a
// script, saving adds some, and the server moves them.
import { all, element, one } from "./dom.js";
import { announce } from "./notice.js";

// What the server takes; see ROWS_MAX.
const MOST = 100;
const CONTROLS = "input, select, textarea";

// The names and ids of a row's controls hold its number: `contacts.3.name`.
function renumber(row, name, number) {
  const before = new RegExp(`(^|-)${name}\\.\\d+\\.`);
  for (const part of all("[id], [name], [for]", row)) {
    for (const attribute of ["id", "name", "for"]) {
      const value = part.getAttribute(attribute);
      if (value) part.setAttribute(attribute, value.replace(before, `$1${name}.${number}.`));
    }
  }
}

function empty(row) {
  for (const control of all(CONTROLS, row)) {
    if (control.type === "checkbox") control.checked = false;
    else if (control.tagName === "SELECT") control.selectedIndex = 0;
    else control.value = "";
  }
}

function mover(words, place) {
  const button = element("button", { type: "button", className: "button quiet small" }, words, element("span", { className: "visually-hidden" }, `: row ${place}`));
  button.dataset.rowMove = words;
  return button;
}

for (const list of all("[data-rows]")) {
  const rows = one("[data-rows-list]", list);
  const label = one("legend", list)?.firstChild?.textContent.trim() ?? "";
  const name = list.dataset.rows;
  const button = element("button", { type: "button", className: "button", textContent: "Add a row" });

  const arrange = () => [...rows.children].forEach((row, at) => {
    renumber(row, name, at);
    row.setAttribute("aria-label", `${label}, row ${at + 1}`);
    const moves = [at > 0 && mover("Up", at + 1), at + 1 < rows.children.length && mover("Down", at + 1)];
    one("[data-row-moves]", row).replaceChildren(...moves.filter(Boolean));
  });

  button.addEventListener("click", () => {
    const row = rows.lastElementChild.cloneNode(true);
    button.disabled = rows.children.length + 1 >= MOST;
    empty(row);
    rows.append(row);
    arrange();
    one(CONTROLS, row)?.focus();
  });

  rows.addEventListener("click", ({ target }) => {
    const pressed = target.closest("[data-row-move]");
    if (!pressed) return;
    const row = pressed.closest("[role=group]");
    const words = pressed.dataset.rowMove;
    if (words === "Up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    arrange();
    (one(`[data-row-move="${words}"]`, row) ?? one("[data-row-move]", row))?.focus();
    announce(`Now row ${[...rows.children].indexOf(row) + 1} of ${rows.children.length}.`);
    row.dispatchEvent(new Event("input", { bubbles: true }));
  });

  arrange();
  const hint = list.lastElementChild;
  hint.textContent = "Rows without anything in them are left out.";
  hint.before(button);
}
