// Owns two things of every page: the suggestions below the search field (asks while one types, walks them with the arrow keys),
// and the Escape key for definitions of terms. The page works without it; knows no other page.

const field = document.querySelector("form.search input[type=search]");
const list = document.createElement("ul");
const status = document.createElement("p");
let chosen = -1;
let timer;
let asking;

function setUp() {
  list.id = "_suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  field.form.append(list, status);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", walk);
  field.addEventListener("blur", () => setTimeout(close, 150));
  // Keeps the field focused, so that a press on a suggestion is not lost to blur.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
}

async function ask() {
  asking?.abort();
  const text = field.value.trim();
  if (text.length < 2) return close();
  asking = new AbortController();
  try {
    const answer = await fetch(`/search/suggest?q=${encodeURIComponent(text)}`, { signal: asking.signal });
    if (answer.ok && document.activeElement === field) show(await answer.json());
  } catch {
    // Aborted by the next key, or no network: the form still works.
  }
}

function show(suggestions) {
  chosen = -1;
  field.removeAttribute("aria-activedescendant");
  list.replaceChildren(...suggestions.map(option));
  list.hidden = suggestions.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  status.textContent =
    suggestions.length === 0 ? "No suggestions" : suggestions.length === 1 ? "1 suggestion" : `${suggestions.length} suggestions`;
}

function option({ title, number, path, kind }, index) {
  const item = document.createElement("li");
  item.id = `_suggestion-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.path = path;
  for (const [name, text] of [["number", number], ["", title], ["label", kind]]) {
    if (!text) continue;
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    // The title alone is in the language of the site; the form around it is in the program's.
    if (!name) [part.lang, part.dir] = [document.documentElement.lang, "auto"];
    item.append(part, " ");
  }
  item.addEventListener("click", () => location.assign(path));
  return item;
}

function walk(event) {
  if (event.key === "Escape" && !list.hidden) {
    close();
    event.preventDefault();
  } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
    location.assign(list.children[chosen].dataset.path);
    event.preventDefault();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
    const count = list.children.length;
    // One more than there are suggestions: the field itself.
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
    event.preventDefault();
  }
}

function choose(index) {
  chosen = index;
  [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
  const item = list.children[index];
  if (item) {
    field.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  chosen = -1;
  list.hidden = true;
  status.textContent = "";
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

if (field) setUp();

// Someone who edits is offered to; this script is the one that every page has.
try {
  if (localStorage.getItem("plinth-editor")) import("./edit_link.js").catch(() => {});
} catch {
  // Storage is blocked: then nobody has signed in here.
}

// Hides the definition that is seen until the pointer and the focus have left its term.
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) term.classList.add("is-dismissed");
});
for (const event of ["mouseout", "focusout"]) {
  addEventListener(event, ({ target, relatedTarget }) => {
    const term = target instanceof Element && target.closest(".term");
    if (term && !term.contains(relatedTarget)) term.classList.remove("is-dismissed");
  });
}
