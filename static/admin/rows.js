// Rows of a list in a form: a button adds an empty one below the others. Without a script, saving does.
import { all, element, one } from "./dom.js";

// What the server takes; see ROWS_MAX.
const MOST = 100;

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
  for (const control of all("input, select, textarea", row)) {
    if (control.type === "checkbox") control.checked = false;
    else if (control.tagName === "SELECT") control.selectedIndex = 0;
    else control.value = "";
  }
}

for (const list of all("[data-rows]")) {
  const rows = one("ol", list);
  const label = one("legend", list)?.firstChild?.textContent.trim() ?? "";
  const button = element("button", { type: "button", className: "button", textContent: "Add a row" });
  button.addEventListener("click", () => {
    const last = rows.lastElementChild;
    const row = last.cloneNode(true);
    const number = rows.children.length;
    button.disabled = number + 1 >= MOST;
    renumber(row, list.dataset.rows, number);
    empty(row);
    row.setAttribute("aria-label", `${label}, row ${number + 1}`);
    rows.append(row);
    one("input, select, textarea", row)?.focus();
  });
  const hint = list.lastElementChild;
  hint.textContent = "Rows without anything in them are left out.";
  hint.before(button);
}
