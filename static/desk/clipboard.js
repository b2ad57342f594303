// Copies what a box of class `copy` shows.
import { all, one } from "./dom.js";
import { announce } from "./notice.js";

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
    const words = button.textContent;
    button.textContent = "Copied";
    announce("Copied.");
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
