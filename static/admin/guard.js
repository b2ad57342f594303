// Knows which forms hold something that is not saved, and asks before the page is left with it.
import { all, one } from "./dom.js";

export const guarded = all("form[data-guard]");
const dirty = new WeakSet();
// Forms whose text the server keeps as a draft.
const kept = new WeakSet();

export const isDirty = (form) => dirty.has(form);

export function markDirty(form) {
  dirty.add(form);
  // What is changed makes one version more, and the button says which one it will publish.
  const publish = all("button[data-publish-edited]").find((button) => button.form === form);
  if (!publish) return;
  publish.disabled = false;
  publish.removeAttribute("title");
  if (publish.firstChild) publish.firstChild.textContent = publish.dataset.publishEdited;
  one("[data-until-edited]")?.remove();
}

// Says on buttons that came new onto the screen what they will do.
export function updateButtons(form) {
  if (isDirty(form)) return markDirty(form);
  const nothing = all("button[data-nothing-to-publish]").find((button) => button.form === form);
  if (nothing) nothing.disabled = true;
}

export const markClean = (form) => dirty.delete(form);
export const markKept = (form, is) => (is ? kept.add(form) : kept.delete(form));

// A form that came back holds text that is stored nowhere. Where none of several forms shows a fault, the only guarded
// one did.
const cameBack = one("[data-error-summary]");
const isOnlyOne = guarded.length === 1 && !one("[aria-invalid]");
for (const form of guarded) {
  if (form.hasAttribute("data-draft-kept")) markKept(form, true);
  if (form.dataset.guard === "dirty" || (cameBack && (isOnlyOne || one("[aria-invalid]", form)))) markDirty(form);
  form.addEventListener("input", () => markDirty(form));
  // Text that the browser filled in again after a reload counts as typed.
  const nothing = all("button[data-nothing-to-publish]").find((button) => button.form === form);
  if (!nothing || isDirty(form)) continue;
  if ([...form.elements].some((field) => field.name && "defaultValue" in field && field.value !== field.defaultValue)) markDirty(form);
  else nothing.disabled = true;
}
addEventListener("beforeunload", (event) => {
  if (guarded.some((form) => isDirty(form) && !kept.has(form))) event.preventDefault();
});
