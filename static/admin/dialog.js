// Asks before a form or one of its buttons does something that cannot easily be undone.
import { element, isPreview, words } from "./dom.js";

export function ask(question, yesWords, { danger = false, consequence = "" } = {}) {
  const yes = element("button", { className: `button ${danger ? "danger" : "primary"}`, value: "yes" }, yesWords);
  const no = element("button", { className: "button", value: "no", autofocus: true }, "Cancel");
  const title = element("h2", { id: "_ask" }, question);
  const buttons = element("div", { className: "form-actions" }, no, yes);
  const told = consequence ? [element("p", { id: "_consequence" }, consequence)] : [];
  const dialog = element("dialog", {}, element("form", { method: "dialog" }, title, ...told, buttons));
  if (consequence) dialog.setAttribute("aria-describedby", "_consequence");
  dialog.setAttribute("aria-labelledby", "_ask");
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

const agreed = new WeakSet();

// The next submit of this form asks nothing.
export const agree = (form) => agreed.add(form);

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || isPreview(submitter) || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { consequence } = submitter?.dataset.confirm ? submitter.dataset : form.dataset;
  if (await ask(question, words(submitter) || "Continue", { danger: submitter?.classList.contains("danger"), consequence })) {
    agree(form);
    form.requestSubmit(submitter);
  }
  agreed.delete(form);
}, true);
