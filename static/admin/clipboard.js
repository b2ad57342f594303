// Copies what a box of class `copy` shows, and texts that a button names by `data-copy`.
import { all, one } from "./dom.js";
import { announce } from "./notice.js";

function copied(button) {
  const words = button.textContent;
  button.textContent = "Copied";
  announce("Copied.");
  setTimeout(() => { button.textContent = words; }, 2000);
}

for (const box of all(".copy")) {
  const field = one("input, textarea", box);
  const button = one("button", box);
  if (button) button.hidden = false;
  field?.addEventListener("focus", () => field.select());
  button?.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    copied(button);
  });
}

for (const button of all("button[data-copy]")) {
  const text = document.getElementById(button.dataset.copy)?.textContent;
  if (!text || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copied(button);
  });
}
