// Shows of the form of a field only what its control uses. Without this script all of it is shown, and hints say when it counts.
import { all, one } from "./dom.js";

for (const form of all("form[data-type-field]")) {
  const control = one("select[name=control]", form);
  const update = () => {
    for (const part of all("[data-for-controls]", form)) {
      const isUsed = part.dataset.forControls.split(" ").includes(control.value);
      part.hidden = !isUsed && !one(".invalid", part);
    }
  };
  control.addEventListener("change", update);
  addEventListener("pageshow", update);
  update();
}
