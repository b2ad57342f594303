// Reorders rows: by dragging the handle, or with the buttons of each row without losing the focus. A move names the row
// that the moved one is placed beside, so it means the same when someone else has moved other rows in the meantime.
// Presses of the buttons of one row that follow each other are one move: visitors see one, and the audit log has one entry.
// Rows with the same `data-parent` are siblings; with `data-level`, those that follow a row on a lower level belong to it. Rows can
// be dragged to other siblings, also of another list of the screen, and in a tree onto a row, to be below that.
import { all, element, fields, one, post, sentence } from "./dom.js";
import { announce, tell } from "./notice.js";
import { reasonIn, signedOut } from "./session.js";

const PAUSE = 700;

const lists = () => all("[data-sortable]");
const isTree = (list) => list.hasAttribute("data-tree");
const rowsOf = (list) => [...list.children].filter((row) => row.dataset.id);

// A row with those that belong to it.
function block(row) {
  const found = [row];
  const isBelow = (next) => Number(next?.dataset.level) > Number(row.dataset.level);
  for (let next = row.nextElementSibling; isBelow(next); next = next.nextElementSibling) found.push(next);
  return found;
}

// Where a dragged row may go when the pointer is at this height: before a row, behind all of a list, or onto a row.
function placeAt(y, carried) {
  const list = lists().findLast((list) => list.getBoundingClientRect().top <= y) ?? lists()[0];
  const own = block(carried);
  const others = [...list.children].filter((row) => row.dataset.id && !own.includes(row));
  const next = others.find((row) => y < row.getBoundingClientRect().bottom);
  if (!next) return { list };
  const { top, height } = next.getBoundingClientRect();
  const part = (y - top) / height;
  if (isTree(list) && part > 0.3 && part < 0.7) return { list, onto: next };
  if (part < 0.5) return { list, next };
  // Behind a row is before the next one, which is below it where it is open.
  return { list, next: others[others.indexOf(next) + 1] };
}

function sortable(list) {
  const siblings = (row) => rowsOf(list).filter((other) => other.dataset.parent === row.dataset.parent);
  const nameOf = (row) => row.dataset.name || one("a, th, strong", row)?.textContent.trim() || "Entry";
  const formOf = (row) => one("form[data-move]", row);
  // The move that the server is making, until the list shows what came of it.
  let running;
  // The row whose buttons are being pressed: where it was, the button, and when its move is sent.
  let pressed;

  // What becomes of a move that the server has not made: the row goes back to where it was.
  function refuse(row, start, response) {
    const others = siblings(row).filter((other) => other !== row);
    if (others[start]) others[start].before(...block(row));
    else if (others.length) block(others.at(-1)).at(-1).after(...block(row));
    if (response?.status === 401) return signedOut("Not moved.", reasonIn(response));
    one(".flash")?.remove();
    const why = response ? "The server cannot do this now." : "The server did not answer.";
    tell("warning", element("strong", {}, "Not moved. "), `${why} “${nameOf(row)}” is where it was. Try again in a moment.`);
  }

  function move(row, start, how = {}) {
    running = request(row, start, how).finally(() => { running = undefined; });
    return running;
  }

  async function request(row, start, { label, place }) {
    let response;
    try {
      response = await post(formOf(row).action, place ?? dropped(row));
      if (!response.ok && response.status !== 409) return refuse(row, start, response);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      // A row that was dragged may have gone to another list.
      const own = place ? lists() : [list];
      const fresh = own.map((other) => page.getElementById(other.id));
      if (fresh.includes(null)) return location.reload();
      own.forEach((other, n) => {
        other.replaceChildren(...[...fresh[n].childNodes].map((node) => document.adoptNode(node)));
        other.dispatchEvent(new CustomEvent("rows", { bubbles: true }));
      });
      const moved = one(`[data-sortable] [data-id="${row.dataset.id}"]`);
      if (moved) {
        const buttons = all("button", moved).filter((button) => !button.disabled);
        (buttons.find((button) => button.textContent.trim() === label) ?? buttons[0])?.focus();
      }
      one(".flash")?.remove();
      const notice = one(".flash.success", page);
      if (notice) one(".title-bar")?.before(document.adoptNode(notice));
      const warning = one(".flash.warning", page);
      if (warning) tell("warning", sentence(warning));
      else if (moved) announceAt(moved);
    } catch {
      refuse(row, start);
    }
  }

  function announceAt(row) {
    const all = rowsOf(row.parentElement).filter((other) => other.dataset.parent === row.dataset.parent);
    announce(`${nameOf(row)} is now at position ${all.indexOf(row) + 1} of ${all.length}.`);
  }

  // The fields of the row's form, with the position where it is now.
  function dropped(row) {
    const body = fields(formOf(row));
    const all = siblings(row);
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
      row = rowsOf(list).find((fresh) => fresh.dataset.id === id);
      if (!row) return;
    }
    pressed ??= { row, start: siblings(row).indexOf(row) };
    clearTimeout(pressed.timer);
    pressed = { ...pressed, label, timer: setTimeout(send, PAUSE) };
    const neighbour = siblings(row)[siblings(row).indexOf(row) + (up ? -1 : 1)];
    if (!neighbour) return;
    if (up) block(row).at(-1).after(...block(neighbour));
    else row.before(...block(neighbour));
    announceAt(row);
  }

  // The move that the presses make together.
  function taken() {
    const { row, start, label, timer } = pressed;
    clearTimeout(timer);
    pressed = undefined;
    return siblings(row).indexOf(row) === start ? undefined : { row, start, label };
  }

  function send() {
    const moved = pressed && taken();
    if (moved) move(moved.row, moved.start, { label: moved.label });
  }

  addEventListener("pagehide", () => {
    const moved = pressed && taken();
    if (moved) post(formOf(moved.row).action, dropped(moved.row), { keepalive: true });
  });

  // The fields of the row's form for the place where it was let go; none when that is its own.
  function letGo(row, { next, onto }) {
    const body = fields(formOf(row));
    body.delete("before");
    body.delete("after");
    if (onto) {
      body.set("parent", onto.dataset.id);
      body.set("index", "100000");
      return body;
    }
    const at = row.parentElement;
    // Before the next row, as a sibling of that; at the end of a list behind the last one.
    const beside = next ?? rowsOf(at).filter((other) => !block(row).includes(other)).at(-1);
    body.set("parent", beside?.dataset.parent ?? at.dataset.parent ?? row.dataset.parent ?? "");
    if (next) body.set("before", next.dataset.id);
    else if (beside) body.set("after", beside.dataset.id);
    else body.set("index", "0");
    return body;
  }

  function grab(event, row) {
    if (pressed) send();
    if (event.button !== 0 || running) return;
    event.preventDefault();
    const own = block(row);
    const start = siblings(row).indexOf(row);
    const home = own.at(-1).nextElementSibling;
    let place;
    own.forEach((one) => one.classList.add("dragging"));
    const listening = new AbortController();
    const { signal } = listening;
    const follow = (at) => {
      one(".drop-onto")?.classList.remove("drop-onto");
      place = placeAt(at.clientY, row);
      if (place.onto) place.onto.classList.add("drop-onto");
      else if (place.next) place.next.before(...own);
      else place.list.append(...own);
      if (at.clientY < 60) scrollBy(0, -12);
      if (at.clientY > innerHeight - 60) scrollBy(0, 12);
    };
    const cancel = (pressed) => {
      if (pressed.key === "Escape") end({ type: "pointercancel" });
    };
    const putBack = () => {
      if (home) home.before(...own);
      else list.append(...own);
    };
    const end = ({ type }) => {
      listening.abort();
      one(".drop-onto")?.classList.remove("drop-onto");
      own.forEach((one) => one.classList.remove("dragging"));
      if (type !== "pointerup" || !place) return putBack();
      const isHome = !place.onto && own.at(-1).nextElementSibling === home && row.parentElement === list;
      if (isHome) return;
      const body = letGo(row, place);
      putBack();
      move(row, start, { place: body });
    };
    // On the window: a row that moves would lose a captured pointer.
    addEventListener("pointermove", follow, { signal });
    addEventListener("pointerup", end, { signal });
    addEventListener("pointercancel", end, { signal });
    addEventListener("keydown", cancel, { signal });
  }

  // The handle is for pointers only; the keyboard uses the buttons of the row.
  function dress() {
    for (const row of rowsOf(list)) {
      if (!formOf(row) || one(".handle", row)) continue;
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
  list.addEventListener("rows", () => {
    if (pressed && !pressed.row.isConnected) {
      clearTimeout(pressed.timer);
      pressed = undefined;
    }
    dress();
  });
  list.addEventListener("leave-rows", ({ detail }) => {
    if (!running) send();
    detail.push(running);
  });
  dress();
}
lists().forEach(sortable);
