// Owns comfort at the desk. Every part enhances what data attributes name and leaves alone what is not there;
// everything can be done without it. Knows no screen and keeps no state of its own beyond the open page.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const post = (address, data, signal) =>
  fetch(address, { method: "POST", body: new URLSearchParams(data), signal });

// Says something to screen readers without moving anybody.
const herald = document.createElement("p");
herald.className = "visually-hidden";
herald.setAttribute("role", "status");
document.body.append(herald);
function announce(text) {
  herald.textContent = "";
  setTimeout(() => { herald.textContent = text; }, 50);
}

/* Errors: the summary is read first */
const summary = one("[data-error-summary]");
summary?.focus();
summary?.addEventListener("click", (event) => {
  const id = event.target.closest("a")?.hash.slice(1);
  const field = id && document.getElementById(id);
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

/* Asking before a form or one of its buttons does something that cannot easily be taken back */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
function ask(text, words, danger) {
  const yes = element("button", { className: `button ${danger ? "danger" : "primary"}`, value: "yes" }, words);
  const no = element("button", { className: "button", value: "no", autofocus: true }, "Cancel");
  const title = element("h2", { id: "_ask" }, text);
  const form = element("form", { method: "dialog" }, title, element("div", { className: "form-actions" }, no, yes));
  const dialog = element("dialog", {}, form);
  dialog.setAttribute("aria-labelledby", "_ask");
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
const agreed = new WeakSet();
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const text = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!text || submitter?.hasAttribute("data-preview-button") || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const words = submitter?.textContent.trim() || "Continue";
  if (await ask(text, words, submitter?.classList.contains("danger"))) {
    agreed.add(form);
    form.requestSubmit(submitter);
  }
  agreed.delete(form);
}, true);

/* Preview while typing. The first time the frame is filled by the form itself, later only its body is exchanged,
   so that it keeps its place and leaves no trail in the history. */
for (const form of all("form").filter((form) => one("textarea[data-preview]", form))) {
  const button = one("button[data-preview-button]", form) ?? one(`button[data-preview-button][form="${form.id}"]`);
  if (!button) continue;
  button.formNoValidate = true;
  let timer;
  let running;
  const refresh = async () => {
    const inside = document.getElementsByName(button.formTarget)[0]?.contentDocument;
    if (!inside?.body?.childElementCount) return form.requestSubmit(button);
    running?.abort();
    running = new AbortController();
    try {
      const response = await post(button.formAction, new FormData(form, button), running.signal);
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      inside.body.replaceWith(inside.adoptNode(fresh.body));
    } catch (error) {
      if (error.name !== "AbortError") announce("The preview could not be brought up to date.");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 600);
  });
}

/* Nothing typed is lost by leaving, and the keys editors expect */
for (const form of all("form[data-guard]")) {
  let dirty = form.dataset.guard === "dirty" || Boolean(summary && form.contains(summary));
  form.addEventListener("input", () => {
    dirty = true;
    // What is changed makes one version more, and the button says which one it will publish.
    const publish = one("button[data-publish-edited]");
    if (publish) publish.textContent = publish.dataset.publishEdited;
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.hasAttribute("data-preview-button")) dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing || one("dialog[open]")) return;
  const name = { s: "save", enter: "publish" }[event.key.toLowerCase()];
  const button = name && one(`button[data-${name}]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

/* Putting in order: drag by the handle, or the buttons of each row without losing the focus */
function sortable(list) {
  const rows = () => [...list.children].filter((row) => row.dataset.id);
  const nameOf = (row) => row.dataset.name || one("a, th, strong", row)?.textContent.trim() || "Entry";
  const formOf = (row) => one("input[name=place]", row)?.form;
  let busy = false;

  // Places count the rows that can be moved, from 0.
  async function move(row, place, pressed) {
    const form = formOf(row);
    if (!form || busy) return;
    busy = true;
    const data = new FormData(form);
    data.set("place", place);
    try {
      const response = await post(form.action, data);
      if (!response.ok) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = list.id ? page.getElementById(list.id) : one("[data-sortable]", page);
      if (!fresh) return location.reload();
      list.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
      dress();
      const moved = rows().find((other) => other.dataset.id === row.dataset.id);
      if (!moved) return;
      const buttons = all("button", moved).filter((button) => !button.disabled);
      (buttons.find((button) => button.textContent.trim() === pressed) ?? buttons[0])?.focus();
      announce(`${nameOf(moved)} is now at place ${rows().indexOf(moved) + 1} of ${rows().length}.`);
    } catch {
      location.reload();
    } finally {
      busy = false;
    }
  }

  function grab(event, row) {
    if (event.button !== 0 || busy) return;
    event.preventDefault();
    const start = rows().indexOf(row);
    const home = row.nextSibling;
    row.classList.add("dragging");
    const listening = new AbortController();
    const { signal } = listening;
    const follow = (at) => {
      const others = rows().filter((other) => other !== row);
      const next = others.find((other) => {
        const box = other.getBoundingClientRect();
        return at.clientY < box.top + box.height / 2;
      });
      if (next) next.before(row);
      else others.at(-1)?.after(row);
      if (at.clientY < 60) scrollBy(0, -12);
      if (at.clientY > innerHeight - 60) scrollBy(0, 12);
    };
    const cancel = (pressed) => {
      if (pressed.key === "Escape") end({ type: "pointercancel" });
    };
    const end = ({ type }) => {
      listening.abort();
      row.classList.remove("dragging");
      if (type !== "pointerup") return list.insertBefore(row, home);
      const place = rows().indexOf(row);
      if (place !== start) move(row, place);
    };
    // On the window: a row that changes its place would lose a captured pointer.
    addEventListener("pointermove", follow, { signal });
    addEventListener("pointerup", end, { signal });
    addEventListener("pointercancel", end, { signal });
    addEventListener("keydown", cancel, { signal });
  }

  // The handle is for pointers only; its keyboard twins are the buttons of the row.
  function dress() {
    for (const row of rows()) {
      if (!formOf(row)) continue;
      const handle = element("span", { className: "handle", title: "Drag to move" });
      handle.setAttribute("aria-hidden", "true");
      handle.addEventListener("pointerdown", (event) => grab(event, row));
      if (row.localName === "tr") row.cells[0]?.prepend(handle);
      else row.prepend(handle);
    }
  }
  list.addEventListener("submit", (event) => {
    const row = event.target.closest("[data-id]");
    const button = event.submitter;
    const place = button?.name === "place" ? button : one("input[name=place]", event.target);
    if (!row || !place || event.defaultPrevented) return;
    event.preventDefault();
    move(row, place.value, button?.textContent.trim());
  });
  dress();
}
all("[data-sortable]").forEach(sortable);

/* A text area as tall as its text, where style sheets alone cannot do it */
if (!CSS.supports("field-sizing", "content")) {
  for (const area of all("textarea")) {
    const grow = () => {
      area.style.blockSize = "auto";
      area.style.blockSize = `${area.scrollHeight + 4}px`;
    };
    area.addEventListener("input", grow);
    grow();
  }
}

/* An address from the title, until somebody writes one */
const slug = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ß", "ss").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 80).replace(/-+$/, "");
for (const field of all("input[data-slug-from]")) {
  const source = field.form?.elements.namedItem(field.dataset.slugFrom);
  let untouched = field.value === "";
  field.addEventListener("input", () => { untouched = field.value === ""; });
  source?.addEventListener("input", () => {
    if (untouched) field.value = slug(source.value);
  });
}

/* Copying what is shown once */
for (const box of all(".copy")) {
  const field = one("input", box);
  const button = one("button", box);
  field?.addEventListener("focus", () => field.select());
  button?.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    const words = button.textContent;
    button.textContent = "Copied";
    announce("Copied.");
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
