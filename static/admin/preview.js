// The preview follows what is typed. The first time the frame is filled by the form itself, later only its body is
// exchanged, so that it keeps its place and leaves no trail in the history.
import { all, fields, one, post } from "./dom.js";
import { isDirty } from "./guard.js";
import { announce } from "./notice.js";
import { reasonIn, signedOut } from "./session.js";

for (const form of all("form").filter((form) => one("textarea[data-preview]", form))) {
  const button = one("button[data-preview-button]", form) ?? one(`button[data-preview-button][form="${form.id}"]`);
  if (!button) continue;
  button.formNoValidate = true;
  let timer;
  let running;
  const refresh = async () => {
    const inside = document.getElementsByName(button.formTarget)[0]?.contentDocument;
    if (!inside?.body?.childElementCount) return form.requestSubmit(button);
    running?.abort();
    running = new AbortController();
    try {
      const response = await post(button.formAction, fields(form, button), { signal: running.signal });
      if (response.status === 401) return signedOut("", reasonIn(response));
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      inside.body.replaceWith(inside.adoptNode(fresh.body));
    } catch (error) {
      if (error.name !== "AbortError") announce("The preview could not be brought up to date.");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 600);
  });
  // A form that came back holds other text than what is saved, and a copy text that is not saved at all.
  const frame = document.getElementsByName(button.formTarget)[0];
  const isCopy = one("textarea[data-preview]", form).value && frame && !frame.hasAttribute("src");
  if (isDirty(form) || isCopy) form.requestSubmit(button);
}
