// Reorders rows: by dragging the handle, or with the buttons of each row without losing the focus. A move names the row
// that the moved one is placed beside, so it means the same when somebody else has moved other rows in the meantime.
import { all, element, fields, one, post, sentence } from "./dom.js";
import { announce, tell } from "./notice.js";

function sortable(list) {
  const rows = () => [...list.children].filter((row) => row.dataset.id);
  const nameOf = (row) => row.dataset.name || one("a, th, strong", row)?.textContent.trim() || "Entry";
  const formOf = (row) => one("form[data-move]", row);
  let busy = false;

  async function move(row, body, pressed) {
    const form = formOf(row);
    if (!form || busy) return;
    busy = true;
    try {
      const response = await post(form.action, body);
      if (!response.ok && response.status !== 409) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = list.id ? page.getElementById(list.id) : one("[data-sortable]", page);
      if (!fresh) return location.reload();
      list.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
      dress();
      const moved = rows().find((other) => other.dataset.id === row.dataset.id);
      if (moved) {
        const buttons = all("button", moved).filter((button) => !button.disabled);
        (buttons.find((button) => button.textContent.trim() === pressed) ?? buttons[0])?.focus();
      }
      one(".flash")?.remove();
      const notice = one(".flash.success", page);
      if (notice) one(".title-bar")?.before(document.adoptNode(notice));
      const warning = one(".flash.warning", page);
      if (warning) tell("warning", sentence(warning));
      else if (moved) announce(`${nameOf(moved)} is now at place ${rows().indexOf(moved) + 1} of ${rows().length}.`);
    } catch {
      location.reload();
    } finally {
      busy = false;
    }
  }

  // The fields of the row's form, with the place where it was dropped.
  function dropped(row) {
    const body = fields(formOf(row));
    const all = rows();
    const next = all[all.indexOf(row) + 1];
    body.delete("before");
    body.delete("after");
    if (next) body.set("before", next.dataset.id);
    else body.set("after", all[all.length - 2].dataset.id);
    return body;
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
      if (rows().indexOf(row) !== start) move(row, dropped(row));
    };
    // On the window: a row that changes its place would lose a captured pointer.
    addEventListener("pointermove", follow, { signal });
    addEventListener("pointerup", end, { signal });
    addEventListener("pointercancel", end, { signal });
    addEventListener("keydown", cancel, { signal });
  }

  // The handle is for pointers only; the keyboard uses the buttons of the row.
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
    if (!row || !event.target.matches("form[data-move]") || event.defaultPrevented) return;
    event.preventDefault();
    move(row, fields(event.target), event.submitter?.textContent.trim());
  });
  dress();
}
all("[data-sortable]").forEach(sortable);
