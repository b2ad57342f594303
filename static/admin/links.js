// Puts links into texts: by a button at a text area, and for the visual editor, which asks by an event on its text area.
import { all, element } from "./dom.js";
import { askForLink } from "./link_dialog.js";

const escape = (words) => words.replace(/([\\[\]])/g, "\\$1").replace(/\s+/g, " ");
const written = (address) => (/[\s()<>]/.test(address) ? `<${address.replace(/[<>\n]/g, encodeURIComponent)}>` : address);

for (const area of all("textarea[data-markdown]")) {
  const button = element("button", { type: "button", className: "button small link-button" }, "Add a link");
  button.addEventListener("click", async () => {
    const { selectionStart: start, selectionEnd: end } = area;
    const answer = await askForLink({ words: area.value.slice(start, end) });
    area.focus();
    if (!answer) return;
    area.setRangeText(`[${escape(answer.words || answer.href)}](${written(answer.href)})`, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  if (!area.readOnly) area.after(button);
  area.addEventListener("link", async (event) => {
    event.preventDefault();
    const { done, ...asked } = event.detail;
    done(await askForLink(asked));
  });
}
