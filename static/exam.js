// Owns comfort during a mock examination: the time that is left, how many questions have an answer, and a question before
// answers are lost. It ends nothing by force and stores nothing. The paper works without this.

const form = document.querySelector("form[data-paper]");
const clock = document.querySelector("[data-clock]");
const MINUTE = 60_000;
// Minutes before the end at which the time is said.
const SAID = [10, 5, 1, 0];

const end = Date.now() + Number(clock.dataset.clock) * MINUTE;
const time = clock.querySelector("[data-time]");
const answered = clock.querySelector("[data-answered]");
const button = clock.querySelector("button");
const status = clock.querySelector("[role=status]");
const minutes = (count) => `${count} minute${count === 1 ? "" : "s"}`;
let said = Infinity;
let isSent = false;

function words(left) {
  if (left === 0) return "The time is over. You can still finish.";
  return `${minutes(left)} left.`;
}

function tick() {
  const left = Math.max(0, Math.ceil((end - Date.now()) / MINUTE));
  const text = words(left);
  if (time.textContent !== text) time.textContent = text;
  // The least of those that have been reached, once, also after the computer has slept.
  const due = SAID.filter((at) => left <= at).at(-1) ?? Infinity;
  if (due < said) status.textContent = text;
  said = Math.min(said, due);
  clock.classList.toggle("is-over", left === 0);
}

const questions = form.querySelectorAll("fieldset").length;
const count = () => form.querySelectorAll("input[type=radio]:checked").length;

function tell() {
  answered.textContent = `${count()} of ${questions} answered.`;
}

button.addEventListener("click", () => {
  time.hidden = !time.hidden;
  button.textContent = time.hidden ? "Show the time" : "Hide the time";
});
form.addEventListener("change", tell);
form.addEventListener("submit", () => { isSent = true; });
// Back from the result, with the answers as they were.
addEventListener("pageshow", () => { isSent = false; tell(); });
addEventListener("beforeunload", (event) => {
  if (!isSent && count() > 0) event.preventDefault();
});

clock.hidden = false;
tell();
tick();
setInterval(tick, 1000);
