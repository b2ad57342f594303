// An address from the title, until somebody writes one.
import { all } from "./dom.js";

const slug = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ß", "ss").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 80).replace(/-+$/, "");
for (const field of all("input[data-slug-from]")) {
  const source = field.form?.elements.namedItem(field.dataset.slugFrom);
  let untouched = field.value === "";
  field.addEventListener("input", () => { untouched = field.value === ""; });
  source?.addEventListener("input", () => {
    if (untouched) field.value = slug(source.value);
  });
}
