// Shows a field for a file whose text is read into a text area, where it can be seen before it is sent.
import { all, one } from "./dom.js";

for (const field of all("[data-file-into]")) {
  const area = document.getElementById(field.dataset.fileInto);
  const input = one("input", field);
  field.hidden = false;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    area.value = await file.text();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
