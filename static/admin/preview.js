// The preview follows what is typed. The first time the frame is filled by the form itself, later only its body is exchanged,
// so that it keeps its place and leaves no trail in the history. One request is under way at a time, and none while the preview
// is not shown.
import { all, fields, one, post } from "./dom.js";
import { isDirty } from "./guard.js";
import { announce } from "./notice.js";
import { followText, showBlock } from "./preview_place.js";
import { reasonIn, signedOut } from "./session.js";

const PAUSE = 100;

function begin(form, button) {
  button.formNoValidate = true;
  const frame = document.getElementsByName(button.formTarget)[0];
  const isShown = () => frame.offsetParent !== null;
  let timer;
  let isRunning = false;
  let isLate = false;

  async function refresh() {
    isLate = true;
    if (isRunning || !isShown()) return;
    isRunning = true;
    isLate = false;
    try {
      await load();
    } catch {
      announce("The preview could not be brought up to date.");
    }
    isRunning = false;
    if (isLate) refresh();
  }

  async function load() {
    const inside = frame.contentDocument;
    if (!inside?.body?.childElementCount) return form.requestSubmit(button);
    const response = await post(button.formAction, fields(form, button));
    if (response.status === 401) return signedOut("", reasonIn(response));
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    inside.body.replaceWith(inside.adoptNode(fresh.body));
    showBlock(form, frame);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  one("[data-side-panel]")?.addEventListener("part-shown", () => isLate && refresh());
  followText(form, frame);
  frame.addEventListener("load", () => showBlock(form, frame));
  // A form that came back holds other text than what is saved, and a copy text that is not saved at all.
  const isCopy = one("textarea[data-preview]", form).value && !frame.hasAttribute("src");
  if (isDirty(form) || isCopy) form.requestSubmit(button);
}

for (const form of all("form").filter((form) => one("textarea[data-preview]", form))) {
  const button = one(`button[data-preview-button][form="${form.id}"]`);
  if (button) begin(form, button);
}
