// Errors of a form: the summary is read first, and its links lead to the fields, and to the places in them.
import { one } from "./dom.js";
import { jump } from "./place.js";

const summary = one("[data-error-summary]");
summary?.focus();
summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && jump(link)) event.preventDefault();
});
