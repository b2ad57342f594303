// A field that holds the path of a page, or one thing of the media library: a button opens the dialog that texts have for it. Without a
// script, both are typed.
import { all, element, one } from "./dom.js";
import { askForLink } from "./link_dialog.js";
import { markdown } from "./media.js";
import { choose, describe } from "./media_dialog.js";

const WORDS = { reference: "Choose a page", media: "Choose from the media library" };

const isPath = (typed) => (/^\/(?!\/|media\/)/.test(typed) ? "" : "Choose a page or a question of this site");

async function pickReference(href) {
  const answer = await askForLink({ href, takesWords: false, check: isPath });
  return answer?.href;
}

async function pickMedia() {
  const chosen = await choose("");
  if (!Array.isArray(chosen) || !chosen.length) return;
  const [answer] = await describe(chosen.slice(0, 1), "Choose a picture or a file", "Choose");
  return answer && markdown(answer);
}

for (const input of all("input[data-pick]")) {
  const label = input.labels[0]?.firstChild?.textContent.trim() ?? "";
  const button = element("button", { type: "button", className: "button small" }, WORDS[input.dataset.pick], element("span", { className: "visually-hidden" }, `: ${label}`));
  button.dataset.picks = input.dataset.pick;
  input.after(button);
}

// A row that is added has copies of these buttons.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-picks]");
  if (!button) return;
  const input = one("input[data-pick]", button.parentElement);
  const value = await (button.dataset.picks === "media" ? pickMedia() : pickReference(input.value));
  input.focus();
  if (!value) return;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
