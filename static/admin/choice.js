// Where two values clash: editing one of them chooses it, unless what is chosen has it too.
import { all, one } from "./dom.js";

for (const radio of all("input[data-chosen-by]")) {
  document.getElementById(radio.dataset.chosenBy)?.addEventListener("input", (event) => {
    // Text that is brought back comes with the choice that was made then.
    if (event.isTrusted && !one(`[name="${radio.name}"][data-has-yours]:checked`)) radio.checked = true;
  });
}
