// The menu of a row closes when its user goes elsewhere, and with Escape.
import { all, one } from "./dom.js";

const open = () => all("details.row-menu[open]");

function closeOthers({ target }) {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
}

document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    one("summary", menu).focus();
  }
});
