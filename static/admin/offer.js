// Offers a text that is kept in this browser, above the form that it was typed in.
import { element, one } from "./dom.js";

export function offer(form, at, { restore, discard }) {
  const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" }).format(at);
  const yes = element("button", { type: "button", className: "button small" }, "Restore it");
  const no = element("button", { type: "button", className: "button quiet small" }, "Discard it");
  const note = element("div", { className: "note copy-offer" }, element("p", {}, `What you typed here on ${when} was not saved.`), yes, no);
  note.setAttribute("role", "status");
  yes.addEventListener("click", () => {
    restore();
    note.remove();
    one("textarea, input:not([type=hidden])", form)?.focus();
  });
  no.addEventListener("click", () => {
    discard();
    note.remove();
  });
  (form.closest(".editor-layout") ?? form).before(note);
}
