// Errors of a form: the summary is read first, and its links lead to the fields.
import { one } from "./dom.js";
import { reveal } from "./side_panel.js";

const summary = one("[data-error-summary]");
summary?.focus();
summary?.addEventListener("click", (event) => {
  const id = event.target.closest("a")?.hash.slice(1);
  const field = id && document.getElementById(id);
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  reveal(field);
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});
