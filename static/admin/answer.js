// Puts an answer template into the answer where the caret is. Choosing one changes nothing yet, so it is nothing to be saved.
import { all } from "./dom.js";
import { announce } from "./notice.js";

for (const button of all("button[data-insert]")) {
  const select = document.getElementById(button.dataset.insert);
  const area = document.getElementById(button.dataset.into);
  select.addEventListener("input", (event) => event.stopPropagation());
  button.addEventListener("click", (event) => {
    const { text } = select.selectedOptions[0].dataset;
    if (!text) return;
    event.preventDefault();
    const before = area.value.slice(0, area.selectionStart);
    const gap = before && !before.endsWith("\n") ? "\n\n" : "";
    area.setRangeText(gap + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    announce("The template is in your answer.");
  });
}
