// Leads to a field, and to the place in its text that a link names. Links on other screens name it in the address.
import { reveal } from "./side_panel.js";

// Whether there is such a field.
export function jump(link) {
  const field = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return false;
  field.closest("details")?.setAttribute("open", "");
  reveal(field);
  field.scrollIntoView({ block: "center" });
  if (link.dataset.start !== undefined) select(field, Number(link.dataset.start), Number(link.dataset.end));
  else field.focus({ preventScroll: true });
  return true;
}

// The visual editor, which hides the field, selects the same there.
function select(field, start, end) {
  field.setSelectionRange(start, end);
  // Browsers show where the selection is when the field gets the focus.
  field.blur();
  field.focus();
  field.dispatchEvent(new CustomEvent("restore-place", { detail: { start, end, isShown: true } }));
}

const asked = new URLSearchParams(location.search);
if (location.hash && asked.has("from")) {
  const { hash } = location;
  history.replaceState(history.state, "", location.pathname + hash);
  jump({ hash, dataset: { start: asked.get("from"), end: asked.get("to") } });
}
