// On the editor's screen: a comment begins with the words that are selected in the form, or that were last.
import { form } from "./draft_mark.js";
import { all, one } from "./dom.js";

let passage = "";

function selected() {
  const { activeElement: field } = document;
  if (field?.form === form && field.selectionStart !== undefined) return field.value.slice(field.selectionStart, field.selectionEnd);
  const selection = getSelection();
  return form.contains(selection.anchorNode) ? String(selection) : undefined;
}

if (form && one("[data-comments]")) {
  all("[data-comments-hint]").forEach((hint) => { hint.hidden = false; });
  document.addEventListener("selectionchange", () => {
    passage = selected()?.trim() ?? passage;
  });
  // The link may be exchanged after a save.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-comments]");
    if (link && passage) link.href = `${link.pathname}?${new URLSearchParams({ quote: passage })}#_write`;
  }, { capture: true });
}
