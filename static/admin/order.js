// Reorders rows: by dragging the handle, or with the buttons of each row without losing the focus. A move names the row
// that the moved one is placed beside, so it means the same when someone else has moved other rows in the meantime.
// Presses of the buttons of one row that follow each other are one move: visitors see one, and the audit log has one entry.
import { all, element, fields, one, post, sentence } from "./dom.js";
import { announce, tell } from "./notice.js";
import { reasonIn, signedOut } from "./session.js";

const PAUSE = 700;

function sortable(list) {
  const rows = () => [...list.children].filter((row) => row.dataset.id);
  const nameOf = (row) => row.dataset.name || one("a, th, strong", row)?.textContent.trim() || "Entry";
  const formOf = (row) => one("form[data-move]", row);
  // The move that the server is making, until the list shows what came of it.
  let running;
  // The row whose buttons are being pressed: where it was, the button, and when its move is sent.
  let pressed;

  // What becomes of a move that the server has not made: the row goes back to where it was.
  function refuse(row, start, response) {
    const others = rows().filter((other) => other !== row);
    if (others[start]) others[start].before(row);
    else others.at(-1)?.after(row);
    if (response?.status === 401) return signedOut("Not moved.", reasonIn(response));
    one(".flash")?.remove();
    const why = response ? "The server cannot do this now." : "The server did not answer.";
    tell("warning", element("strong", {}, "Not moved. "), `${why} “${nameOf(row)}” is where it was. Try again in a moment.`);
  }

  function move(row, start, label) {
    running = request(row, start, label).finally(() => { running = undefined; });
    return running;
  }

  async function request(row, start, label) {
    let response;
    try {
      response = await post(formOf(row).action, dropped(row));
      if (!response.ok && response.status !== 409) return refuse(row, start, response);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = list.id ? page.getElementById(list.id) : one("[data-sortable]", page);
      if (!fresh) return location.reload();
      list.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
      dress();
      const moved = rows().find((other) => other.dataset.id === row.dataset.id);
      if (moved) {
        const buttons = all("button", moved).filter((button) => !button.disabled);
        (buttons.find((button) => button.textContent.trim() === label) ?? buttons[0])?.focus();
      }
      one(".flash")?.remove();
      const notice = one(".flash.success", page);
      if (notice) one(".title-bar")?.before(document.adoptNode(notice));
      const warning = one(".flash.warning", page);
      if (warning) tell("warning", sentence(warning));
      else if (moved) announce(`${nameOf(moved)} is now at position ${rows().indexOf(moved) + 1} of ${rows().length}.`);
    } catch {
      refuse(row, start);
    }
  }

  // The fields of the row's form, with the position where it was dropped.
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

  // Shows one step at once. The row itself stays in the document, so that its button keeps the focus.
  // What is pressed while an earlier move is being made waits for that.
  async function step(row, button) {
    const [id, label, up] = [row.dataset.id, button.textContent.trim(), one("input[name=before]", button.form) !== null];
    while (running || (pressed && pressed.row !== row)) {
      if (!running) send();
      await running;
      row = rows().find((fresh) => fresh.dataset.id === id);
      if (!row) return;
    }
    pressed ??= { row, start: rows().indexOf(row) };
    clearTimeout(pressed.timer);
    pressed = { ...pressed, label, timer: setTimeout(send, PAUSE) };
    const neighbour = rows()[rows().indexOf(row) + (up ? -1 : 1)];
    if (!neighbour) return;
    if (up) row.after(neighbour);
    else row.before(neighbour);
    announce(`${nameOf(row)} is now at position ${rows().indexOf(row) + 1} of ${rows().length}.`);
  }

  // The move that the presses make together.
  function taken() {
    const { row, start, label, timer } = pressed;
    clearTimeout(timer);
    pressed = undefined;
    return rows().indexOf(row) === start ? undefined : { row, start, label };
  }

  function send() {
    const moved = pressed && taken();
    if (moved) move(moved.row, moved.start, moved.label);
  }

  addEventListener("pagehide", () => {
    const moved = pressed && taken();
    if (moved) post(formOf(moved.row).action, dropped(moved.row), { keepalive: true });
  });

  function grab(event, row) {
    if (pressed) send();
    if (event.button !== 0 || running) return;
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
      if (rows().indexOf(row) !== start) move(row, start);
    };
    // On the window: a row that moves would lose a captured pointer.
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
    step(row, event.submitter ?? one("button", event.target));
  });
  dress();
}
all("[data-sortable]").forEach(sortable);
