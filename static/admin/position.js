// After a save the same screen comes back where it was: scrolled, with the caret in the same field.
import { one, sentence } from "./dom.js";
import { tell } from "./notice.js";

const KEY = "plinth:position";

export function rememberPosition(url) {
  const field = document.activeElement;
  const known = { path: url.pathname, scroll: scrollY, id: field?.id ?? "", start: null, end: null, inner: field?.scrollTop ?? 0 };
  if (field?.localName === "textarea") [known.start, known.end] = [field.selectionStart, field.selectionEnd];
  // The visual editor puts in the field that it writes for, and where the caret is in that.
  field?.dispatchEvent(new CustomEvent("remember-place", { detail: known }));
  try {
    sessionStorage.setItem(KEY, JSON.stringify(known));
  } catch { /* then it starts at the top */ }
}

function restore() {
  const known = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  if (known?.path !== location.pathname || one("[data-error-summary]")) return;
  const field = known.id && document.getElementById(known.id);
  if (field?.form) {
    field.focus({ preventScroll: true });
    if (known.start !== null) field.setSelectionRange?.(known.start, known.end);
    field.scrollTop = known.inner;
    field.dispatchEvent(new CustomEvent("restore-place", { detail: known }));
  }
  scrollTo(0, known.scroll);
  const flash = one(".flash");
  // A line that is there says more.
  if (flash && known.scroll > 0 && one(".notice").hidden) tell(flash.classList.contains("warning") ? "warning" : "done", sentence(flash));
}

try {
  restore();
} catch { /* storage is switched off */ }
