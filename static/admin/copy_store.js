// What is typed in forms, kept in this browser. Knows no screen.

const PREFIX = "plinth:copy:";
const DAYS = 14;
const user = document.body.dataset.user ?? "";

// What the keys of a form begin with.
export const placeAt = (path, id) => `${PREFIX}${user}:${path}#${id}`;
export const placeOf = (form) => placeAt(new URL(form.getAttribute("action"), location.href).pathname, form.id);

// Which draft a text continues is not a part of the text.
const isKept = ({ name, type }) => name && name !== "submission" && !/^draft(_|$)/.test(name) && !["password", "submit", "button", "file"].includes(type);
const isHidden = (field) => field.type === "hidden";
const isChosen = (field) => ["checkbox", "radio"].includes(field.type);
const state = (field) => (isChosen(field) ? field.checked : field.value);

export const values = (form) => [...form.elements].filter(isKept).map((field) => [field.name, state(field)]);
// Without the fields that say which version it was made from.
export const visibleValues = (form) => [...form.elements].filter((field) => isKept(field) && !isHidden(field)).map((field) => [field.name, state(field)]);

// The fields of a form with the values kept for them. A name may occur several times, so they are matched in order.
function* pairs(form, kept) {
  const left = [...kept];
  for (const field of [...form.elements].filter(isKept)) {
    const at = left.findIndex(([name]) => name === field.name);
    if (at >= 0) yield [field, left.splice(at, 1)[0][1]];
  }
}

export const differs = (form, kept) => [...pairs(form, kept)].some(([field, value]) => !isHidden(field) && state(field) !== value);

// Hidden fields too: they say which version the text was made from, so nobody's later work is overwritten.
export function fill(form, kept) {
  for (const [field, value] of pairs(form, kept)) {
    if (isChosen(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// False when the storage is full or switched off: then the page alone holds it.
export function write(key, record) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...record }));
    return true;
  } catch {
    return false;
  }
}

export const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");

export const keys = (start) => Object.keys(localStorage).filter((key) => key.startsWith(start));

export function remove(...gone) {
  try {
    for (const key of gone) localStorage.removeItem(key);
  } catch { /* there is none */ }
}

// Signing out leaves nothing behind in a browser that others may use.
document.addEventListener("submit", (event) => {
  if (event.target.action.endsWith("/admin/sign-out")) remove(...keys(PREFIX));
});

try {
  remove(...keys(PREFIX).filter((key) => !(read(key).at > Date.now() - DAYS * 86_400_000)));
} catch { /* storage is switched off */ }
