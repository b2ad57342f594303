// Owns comfort on the list of questions: opens the answer an address points at, and filters while one types.
// What fits is decided by the server alone. The page works without this; it knows no other page.

const form = document.querySelector("form.filter");
const field = form?.querySelector("input[type=search]");

function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const answer = id && document.getElementById(id)?.closest("details.answer");
  if (!answer) return;
  answer.open = true;
  answer.scrollIntoView();
}

let asking;
async function filter() {
  asking?.abort();
  asking = new AbortController();
  const text = field.value.trim();
  const address = text ? `${form.action}?q=${encodeURIComponent(text)}` : form.action;
  const response = await fetch(address, { signal: asking.signal });
  if (!response.ok) throw new Error(response.statusText);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const open = [...document.querySelectorAll("details.answer[open]")].map((answer) => answer.id);
  for (const id of ["_answers", "_count"]) {
    const fresh = page.getElementById(id);
    document.getElementById(id).replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  history.replaceState(null, "", address);
}

let timer;
field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => filter().catch((error) => error.name === "AbortError" || form.requestSubmit()), 120);
});
addEventListener("hashchange", openTarget);
openTarget();
