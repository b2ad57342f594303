// Where two values clash: editing one of them chooses it.
import { all } from "./dom.js";

for (const radio of all("input[data-chosen-by]")) {
  document.getElementById(radio.dataset.chosenBy)?.addEventListener("input", (event) => {
    // Text that is brought back comes with the choice that was made then.
    if (event.isTrusted) radio.checked = true;
  });
}
