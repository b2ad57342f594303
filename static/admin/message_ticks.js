// Rows that are ticked: all of the page at once, how many they are, and buttons that wait for the first one.
import { all, element, one } from "./dom.js";

for (const bar of all("[data-ticks]")) {
  const form = bar.closest("form");
  const rows = all(`input[type=checkbox][name="${bar.dataset.ticks}"]`, form);
  const every = one("[data-tick-all]", bar);
  const scope = one("[data-tick-scope]", bar);
  const count = one("[data-tick-count]", bar);
  const status = element("span", {});
  status.setAttribute("role", "status");
  count.replaceWith(status);
  every.closest("label").hidden = false;
  const draw = () => {
    const ticked = rows.filter(({ checked }) => checked).length;
    every.checked = ticked === rows.length;
    every.indeterminate = ticked > 0 && ticked < rows.length;
    const words = scope?.checked ? "All are ticked." : `${ticked} ticked.`;
    if (status.textContent !== words) status.textContent = words;
    for (const button of all("button", bar)) button.disabled = !ticked && !scope?.checked;
  };
  every.addEventListener("change", () => {
    for (const row of rows) row.checked = every.checked;
    if (scope && !every.checked) scope.checked = false;
    draw();
  });
  scope?.addEventListener("change", () => {
    for (const row of rows) row.checked = scope.checked;
    draw();
  });
  for (const row of rows) row.addEventListener("change", () => {
    if (scope && !row.checked) scope.checked = false;
    draw();
  });
  addEventListener("pageshow", draw);
  draw();
}
