// What publishing would make public, over the editor: the same as on the screen of its own, which comes instead when anything
// goes wrong here. The text is saved before it is shown, and stays where it is when the sheet is closed.
import { element, fields, one, post, target } from "./dom.js";
import { draft, form } from "./draft_mark.js";
import { isDirty, markClean } from "./guard.js";
import { bringUpToDate } from "./in_place.js";
import { jump } from "./place.js";
import { hush } from "./notice.js";

const PATIENCE = 15_000;
// In the address of the editor: opens the sheet once.
const ASKED = "#_publish";

export const isSheet = (url) => Boolean(form) && /^\/admin\/documents\/\d+\/publication$/.test(url.pathname);

async function load(url) {
  const response = await fetch(url, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// After the form was saved with the values in `sent`. A new document gets the screen of its editor first. Whether that is done.
export async function openAfterSave(url, sent, isTyped) {
  try {
    if (!draft) {
      if (!(await bringUpToDate(form, new URL(form.action), sent, isTyped)) || isDirty(form)) return false;
      show(await load(url));
      return true;
    }
    const edit = new URL(one("[data-sheet]", await load(url)).dataset.sheet, location.href);
    if (isTyped()) return false;
    markClean(form);
    location.assign(edit.href + ASKED);
    return true;
  } catch {
    return false;
  }
}

function show(page) {
  hush();
  const content = document.adoptNode(one("[data-sheet]", page));
  const buttons = document.adoptNode(one("[data-sheet-buttons]", page));
  const title = element("h2", { id: "_sheet", tabIndex: -1 }, one("h1", page).textContent.trim());
  const dialog = element("dialog", { className: "sheet" }, element("div", { className: "sheet-head" }, title, buttons), content);
  dialog.setAttribute("aria-labelledby", "_sheet");
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => follow(event, dialog));
  buttons.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    publish(buttons, dialog);
  });
  document.body.append(dialog);
  document.dispatchEvent(new CustomEvent("brought-up-to-date"));
  dialog.showModal();
  // Not the button, which a key that is held too long would press.
  title.focus();
}

function follow(event, dialog) {
  const link = event.target.closest("a");
  if (!link) return;
  if (link.matches("[data-sheet-close]")) {
    event.preventDefault();
    dialog.close();
  } else if (link.hash && link.pathname === location.pathname) {
    event.preventDefault();
    dialog.close();
    jump(link);
  } else if (link.pathname !== location.pathname && !link.matches("[data-sheet-leave]")) {
    link.target = "_blank";
  }
}

async function publish(sent, dialog) {
  const button = one("button.primary", sent);
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  try {
    const options = { headers: { "x-submit": "script" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
    const response = await post(target(sent), fields(sent), options);
    const next = response.headers.get("x-location");
    const url = next && new URL(next, location.href);
    if (url && url.pathname === location.pathname) {
      const values = fields(form);
      const text = values.toString();
      dialog.close();
      if (await bringUpToDate(form, url, values, () => fields(form).toString() !== text)) return;
    }
    if (url) return location.assign(url);
  } catch { /* the screen says what became of it */ }
  location.assign(target(sent));
}

if (form && location.hash === ASKED) {
  const address = one("[data-publication]")?.dataset.publication;
  history.replaceState(history.state, "", location.pathname + location.search);
  if (address) load(new URL(address, location.href)).then(show, () => location.assign(address));
}
