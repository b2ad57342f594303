// Puts a visual editor in the place of every text area for Markdown. Where that fails, the text area stays what it is.
import { Editor } from "./editor.js";
import "./editor.css";

for (const area of document.querySelectorAll("textarea[data-markdown]")) {
  try {
    new Editor(area);
  } catch (error) {
    console.error(error);
    area.closest(".editor-frame")?.replaceWith(area);
    area.hidden = false;
    delete area.focus;
    delete area.scrollIntoView;
  }
}
