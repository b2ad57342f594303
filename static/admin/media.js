// Puts pictures and files from the media library into texts: what is pasted or dropped into a text area, and what the visual editor
// asks for by an event on its text area.
import { all } from "./dom.js";
import { add, choose, describe } from "./media_dialog.js";

const escape = (words) => words.replace(/([\\[\]])/g, "\\$1").replace(/\s+/g, " ");

export function markdown({ path, isPicture, words, isDecorative }) {
  if (!isPicture) return `[${escape(words)}](${path})`;
  return isDecorative ? `![](${path} "decorative")` : `![${escape(words)}](${path})`;
}

function insert(area, answers) {
  area.focus();
  if (!answers.length) return;
  area.setRangeText(answers.map(markdown).join("\n\n"), area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const filesIn = (data) => (data?.types.includes("text/html") ? [] : [...(data?.files ?? [])]);

for (const area of all("textarea[data-markdown]")) {
  for (const [name, source] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
    area.addEventListener(name, async (event) => {
      const files = filesIn(event[source]);
      if (!files.length) return;
      event.preventDefault();
      insert(area, await add(files));
    });
  }
  area.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  // From the visual editor: files that arrived there, or a picture to choose or to describe. `done` takes the answers.
  area.addEventListener("media", async (event) => {
    const { files, known, done } = event.detail;
    event.preventDefault();
    if (files) return done(await add(files));
    if (known) return done(await describe([known], "Edit the picture", "Change"));
    const chosen = await choose("picture");
    if (!chosen?.length) return done(chosen);
    const count = chosen.length;
    return done(await describe(chosen, count === 1 ? "Add a picture" : `Add ${count} files`, "Add"));
  });
}
