// The dialogs of the media library: several files that are added at once, and what is there to choose from. Knows no editor.
import { element } from "./dom.js";
import { Row } from "./media_row.js";

const ACCEPT = ".jpg,.jpeg,.png,.webp,.gif,.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp";

export function open(heading, content, { yes, more = [], check = () => true }) {
  const title = element("h2", { id: "_media-dialog" }, heading);
  const buttons = [...more, ["Cancel", ""]].map(([words, answer]) => {
    const button = element("button", { type: "button", className: "button" }, words);
    button.addEventListener("click", () => dialog.close(answer));
    return button;
  });
  const confirm = element("button", { className: "button primary", value: "yes", hidden: !yes }, yes ?? "");
  const form = element("form", { method: "dialog", noValidate: true }, title, ...content, element("div", { className: "form-actions" }, ...buttons, confirm));
  const dialog = element("dialog", { className: "media-dialog" }, form);
  dialog.setAttribute("aria-labelledby", "_media-dialog");
  form.addEventListener("submit", (event) => {
    event.stopPropagation();
    if (event.submitter === confirm && !check()) event.preventDefault();
  });
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
  return { dialog, confirm, closed };
}

// Adds files and asks what each shows; or only asks that of things that the library has. Gives what is to be put into the text.
export async function describe(given, heading, yes) {
  const list = element("ul", { className: "media-rows" });
  const status = element("p", { className: "meta", role: "status" });
  let told = "";
  let opened;
  const rows = [];
  const draw = () => {
    for (const row of rows.filter(({ isLeft }) => isLeft)) row.dom.remove();
    const left = rows.filter(({ isLeft }) => !isLeft);
    const ready = left.filter(({ isReady }) => isReady).length;
    const pending = left.filter(({ isPending }) => isPending).length;
    const words = pending ? `${ready} of ${left.length} ${left.length === 1 ? "file has" : "files have"} arrived.` : ready ? "All have arrived." : "";
    if (given.some(({ file }) => file) && words !== told) status.textContent = told = words;
    if (!opened) return;
    if (!left.length) opened.dialog.close("");
    opened.confirm.toggleAttribute("data-waits", pending > 0);
  };
  const check = () => {
    const left = rows.filter(({ isLeft }) => !isLeft);
    if (left.some(({ isPending }) => isPending)) {
      status.textContent = "Wait until all have arrived, or leave out those that have not.";
      return false;
    }
    if (left.some(({ isReady }) => !isReady)) {
      status.textContent = "Try again those that did not arrive, or leave them out.";
      return false;
    }
    return left.every((row) => row.check());
  };
  rows.push(...given.map((one) => new Row(one, () => draw())));
  list.append(...rows.map(({ dom }) => dom));
  opened = open(heading, [list, status], { yes, check });
  draw();
  rows.find(({ isReady }) => isReady)?.input.focus();
  const answer = await opened.closed;
  if (answer === "yes") return rows.filter(({ isLeft }) => !isLeft).map((row) => row.answer);
  rows.forEach((row) => row.isPending && row.leave());
  return [];
}

function headingFor(files) {
  const noun = files.every(({ type }) => type.startsWith("image/")) ? "picture" : "file";
  return files.length === 1 ? `Add a ${noun}` : `Add ${files.length} ${noun}s`;
}

export function add(files) {
  return describe(files.map((file) => ({ file })), headingFor(files), "Add");
}

// What the library has that fits what is typed, or files from this machine. Gives things or files to be described.
export async function choose(kind) {
  const search = element("input", { type: "search", id: "_media-search", autocomplete: "off", dir: "auto" });
  const list = element("ul", { className: "media-choices" });
  const status = element("p", { className: "meta", role: "status" });
  const file = element("input", { type: "file", id: "_media-files", multiple: true, accept: ACCEPT });
  const field = (label, input) => element("div", { className: "field" }, element("label", { htmlFor: input.id }, label), input);
  let chosen;
  const { dialog, closed } = open("Add a picture", [field("Search the media library", search), list, status, field("Or add files from this computer", file)], { more: [["Use an address", "address"]] });
  const draw = (things) => {
    list.replaceChildren(...things.map((thing) => {
      const picture = thing.kind === "picture" ? [element("img", { src: thing.small, alt: "", className: `thumbnail focus-${thing.focus}` })] : [];
      const button = element("button", { type: "button", className: "media-choice" }, ...picture, element("span", { dir: "auto" }, thing.title), element("span", { className: "meta" }, thing.about));
      button.addEventListener("click", () => {
        chosen = [{ thing }];
        dialog.close("chosen");
      });
      return element("li", {}, button);
    }));
    status.textContent = things.length ? `${things.length} to choose from.` : "Nothing was found.";
  };
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/admin/media/choices?kind=${kind}&q=${encodeURIComponent(search.value)}`, { signal: asking.signal, redirect: "error" });
      draw((await answer.json()).things);
    } catch ({ name }) {
      if (name !== "AbortError") status.textContent = "The server cannot be asked now.";
    }
  };
  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  file.addEventListener("change", () => {
    chosen = [...file.files].map((one) => ({ file: one }));
    dialog.close("chosen");
  });
  await ask();
  search.focus();
  const answer = await closed;
  if (answer === "address") return undefined;
  return answer === "chosen" ? chosen : [];
}
