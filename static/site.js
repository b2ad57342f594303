// Owns comfort on the list of questions: opens the answer an address points at, and filters while one types.
// The page works without it; knows no other page.

const form = document.querySelector("form.filter");
const field = form?.querySelector("input[type=search]");
const count = document.getElementById("_count");
const list = document.getElementById("_answers");

function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const answer = id && document.getElementById(id)?.closest("details.answer");
  if (!answer) return;
  answer.open = true;
  answer.scrollIntoView();
}

// The server may have sent only what matched; typing needs all of it, once.
let complete = field?.defaultValue ? null : Promise.resolve();
function all() {
  complete ??= fetch(form.action)
    .then((response) => response.text())
    .then((html) => {
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("_answers");
      if (fresh) list.replaceChildren(...fresh.childNodes);
    });
  return complete;
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

async function filter() {
  await all();
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  let total = 0;
  for (const category of list.querySelectorAll("section")) {
    let here = 0;
    for (const answer of category.querySelectorAll("details.answer")) {
      const text = plain(answer.textContent);
      answer.hidden = !words.every((word) => text.includes(word));
      total += 1;
      here += answer.hidden ? 0 : 1;
    }
    category.hidden = here === 0;
    shown += here;
  }
  count.textContent =
    words.length === 0 ? `${total} questions`
    : shown === 0 ? "No question matches. Try a single word, or write to us."
    : `${shown} of ${total} questions match.`;
}

let timer;
field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => filter().catch(() => form.requestSubmit()), 120);
});
addEventListener("hashchange", openTarget);
openTarget();
