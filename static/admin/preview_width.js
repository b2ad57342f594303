// How wide the preview is: remembered in this browser for each kind of document; on a narrow screen a phone at first.
import { all } from "./dom.js";

const KEY = `plinth:preview-width:${location.pathname.split("/")[2]}`;
const choices = all(".preview-sizes input");
const choose = (value) => choices.filter((choice) => choice.value === value).forEach((choice) => { choice.checked = true; });

function remember({ target }) {
  try {
    localStorage.setItem(KEY, target.value);
  } catch { /* then it is as at first the next time */ }
}

try {
  choose(localStorage.getItem(KEY) ?? (matchMedia("(max-width: 47.99rem)").matches ? "phone" : undefined));
} catch { /* storage is switched off */ }
choices.forEach((choice) => choice.addEventListener("change", remember));
