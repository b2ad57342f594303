// A text area as tall as its text, where style sheets alone cannot do it; never lower than its rows.
import { all } from "./dom.js";

if (!CSS.supports("field-sizing", "content")) {
  for (const area of all("textarea")) {
    const grow = () => {
      area.style.blockSize = "auto";
      area.style.blockSize = `${area.scrollHeight + 4}px`;
    };
    area.addEventListener("input", grow);
    grow();
  }
}
