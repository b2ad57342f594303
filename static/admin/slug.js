// A slug from the title, as the server would make it, until someone writes one. It is empty while the server is
// asked: an empty one is made on saving, an outdated one would be kept. While the form is sent it stays as it was sent, or it
// would count as typed meanwhile.
import { all } from "./dom.js";
import { isSending } from "./send.js";

for (const field of all("input[data-slug-from]")) {
  const source = field.form?.elements.namedItem(field.dataset.slugFrom);
  let untouched = field.value === "";
  let timer;
  let asking;
  async function suggest() {
    asking = new AbortController();
    try {
      const response = await fetch(`/admin/slug?title=${encodeURIComponent(source.value)}`, { signal: asking.signal });
      const { slug } = await response.json();
      if (untouched && !isSending(field.form)) field.value = slug;
    } catch {
      // Left empty: made on saving.
    }
  }
  field.addEventListener("input", () => { untouched = field.value === ""; });
  source?.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    if (!untouched) return;
    field.value = "";
    timer = setTimeout(suggest, 200);
  });
}
