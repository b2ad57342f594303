// Says while one types what readers would stumble over in the text; each finding leads to its place.
import { all, fields, one, post } from "./dom.js";
import { jump } from "./place.js";

const PAUSE = 500;
const list = one("[data-checks]");
const form = list && document.getElementById("_document");
let timer;
let running;

async function ask() {
  running?.abort();
  running = new AbortController();
  const sent = fields(form);
  // It is no other try of what the form will be sent for.
  sent.delete("submission");
  try {
    const response = await post(list.dataset.checks, sent, { signal: running.signal });
    if (response.ok) exchange(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch { /* what was said last stays */ }
}

function exchange(page) {
  const fresh = one("[data-checks]", page);
  if (!fresh || fresh.innerHTML === list.innerHTML) return;
  const focused = all("a, summary", list).indexOf(document.activeElement);
  list.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  const stops = all("a, summary", list);
  if (focused >= 0) stops[Math.min(focused, stops.length - 1)].focus({ preventScroll: true });
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && jump(link)) event.preventDefault();
  });
}
