// Reads the text of a file into a text area as soon as it is chosen, where it can be seen before it is sent. Without this script a
// button asks the server for the same.
import { all, one } from "./dom.js";

for (const field of all("[data-file-into]")) {
  const area = document.getElementById(field.dataset.fileInto);
  const input = one("input", field);
  one("button", field).hidden = true;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    area.value = await file.text();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
