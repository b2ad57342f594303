// Owns the sending of the contact form: by fetch, so that the page with the text stays when the server cannot be reached.
// A refusal replaces the page, as the server drew it. The form works without this.

const PATIENCE = 45_000;
const FORM = "section.form form";
let busy = false;

// What went wrong on the way, above the button.
function tell(form, sentence) {
  form.querySelector("[data-not-sent]")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "not-sent" });
  line.dataset.notSent = "";
  line.setAttribute("role", "alert");
  form.querySelector("button").before(line);
  line.textContent = sentence;
}

// Sent twice it is one message, so trying again does no harm.
const AGAIN = "What you wrote is still here. Send it again; if it arrived after all, it still counts once.";

function show(page, main) {
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  listen();
  document.dispatchEvent(new Event("redrawn"));
  const summary = document.querySelector("[data-error-summary]");
  summary?.focus();
  summary?.scrollIntoView({ block: "start" });
}

async function send(form) {
  const options = { method: "POST", body: new URLSearchParams(new FormData(form)), signal: AbortSignal.timeout(PATIENCE) };
  let response, page;
  try {
    response = await fetch(form.action, options);
    if (response.redirected) return location.assign(response.url);
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return tell(form, `Your message was not sent: the server cannot be reached. ${AGAIN}`);
  }
  const main = page.querySelector("main");
  if (main?.querySelector(FORM)) return show(page, main);
  if (response.status === 413) return tell(form, "Your message was not sent: it is too long. What you wrote is still here. Shorten it and send it again.");
  tell(form, `Your message was not sent: the server has a problem. ${AGAIN}`);
}

function listen() {
  document.querySelector(FORM)?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = event.target.querySelector("button");
    const words = button.textContent;
    button.textContent = "Sending …";
    await send(event.target);
    button.textContent = words;
    busy = false;
  });
}

listen();
