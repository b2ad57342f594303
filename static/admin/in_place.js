// After a save that leads to the same screen: takes from the new screen what says how things are, and leaves the form alone,
// so that its user types on. Where that would lose or hide something, the caller loads the screen.
import { all, fields, one, sentence } from "./dom.js";
import { form as documentForm, goOn } from "./draft_mark.js";
import { markClean, updateButtons } from "./guard.js";
import { announce, hush, tell } from "./notice.js";

// What is exchanged; each is on the screen once.
const REGIONS = ["[data-state]", ".title-bar h1", ".title-bar .actions", "[data-more]"];
const PATIENCE = 10_000;

async function load(url) {
  const response = await fetch(url, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

const isHidden = (field) => field.type === "hidden";
const plain = (text) => (text ?? "").replace(/\r\n?/g, "\n").trim();

// The fields that the server has otherwise than they were sent: trimmed ones are the same. None when one of them is a text,
// or was typed in since.
function changes(form, fresh, sent) {
  const [now, stored] = [fields(form), fields(fresh)];
  const found = [];
  for (const field of all("[name]", fresh).filter((field) => !isHidden(field) && field.localName !== "button")) {
    if (plain(stored.get(field.name)) === plain(sent.get(field.name))) continue;
    if (field.matches("[data-markdown]") || now.get(field.name) !== sent.get(field.name)) return undefined;
    found.push(field);
  }
  return found;
}

function takeOver(form, field) {
  const own = form.elements.namedItem(field.name);
  if (field.type === "checkbox") own.checked = field.checked;
  else own.value = field.value;
}

function exchange(page) {
  for (const selector of REGIONS) {
    const [old, fresh] = [one(selector), one(selector, page)];
    if (!old || !fresh) continue;
    const { activeElement: focused } = document;
    const again = old.contains(focused) && focused.name ? `[name="${focused.name}"][value="${focused.value}"]` : "";
    old.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
    if (again) one(again, old)?.focus({ preventScroll: true });
  }
  const frame = one("iframe[name=preview]");
  if (frame && one("iframe[name=preview]", page)?.getAttribute("src")) frame.src = one("iframe[name=preview]", page).getAttribute("src");
}

// What the new screen says was done is said once only, so the screen that is loaded instead gets it from here.
const FLASH = "plinth:flash";

function keepFlash(page) {
  try {
    const flash = one(".flash", page);
    if (flash) sessionStorage.setItem(FLASH, flash.outerHTML);
  } catch { /* then it is not said */ }
}

function bringFlash() {
  const text = sessionStorage.getItem(FLASH);
  sessionStorage.removeItem(FLASH);
  if (text && !one(".flash")) showFlash(new DOMParser().parseFromString(text, "text/html"));
}

function showFlash(page) {
  hush();
  one(".flash")?.remove();
  const flash = one(".flash", page);
  if (!flash) return;
  one(".title-bar").before(document.adoptNode(flash));
  announce(sentence(flash));
  if (scrollY > 0) tell(flash.classList.contains("warning") ? "warning" : "done", sentence(flash));
}

// Whether the screen is up to date now. `sent` are the fields as they were saved; `isTyped` tells whether others are there now.
export async function bringUpToDate(form, url, sent, isTyped) {
  if (form !== documentForm || url.hash || url.pathname !== location.pathname) return false;
  let page;
  try {
    page = await load(url);
  } catch {
    return false;
  }
  const fresh = one("form[data-draft]", page);
  const taken = fresh && !one("[data-error-summary]", page) ? changes(form, fresh, sent) : undefined;
  if (!taken) {
    keepFlash(page);
    return false;
  }
  if (!isTyped()) markClean(form);
  taken.forEach((field) => takeOver(form, field));
  for (const field of all("input[type=hidden][name]", fresh)) {
    const own = form.elements.namedItem(field.name);
    if (own) own.value = field.value;
  }
  goOn();
  exchange(page);
  updateButtons(form);
  showFlash(page);
  document.dispatchEvent(new CustomEvent("brought-up-to-date"));
  return true;
}

try {
  bringFlash();
} catch { /* storage is switched off */ }
