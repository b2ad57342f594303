// Asks for the address of a link, or for a picture and its description, and sets what was typed.
import { element } from "./dom.js";
import { isAllowed, isLocal } from "./link.js";
import { imageAt, linkAt, removeLink, setImage, setLink } from "./links.js";

let number = 0;

function field(label, value, { hint, ...more } = {}) {
  const id = `_editor-field-${number++}`;
  // Of no form of the page: it is not sent with it.
  const input = element("input", { id, type: "text", value, dir: "auto", autocomplete: "off", ...more });
  const told = hint ? [element("p", { className: "hint", id: `${id}-hint` }, hint)] : [];
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  const error = element("p", { className: "field-error", id: `${id}-error`, hidden: true });
  const box = element("div", { className: "field" }, element("label", { htmlFor: id }, label), ...told, error, input);
  const refuse = (why) => {
    error.textContent = why;
    error.hidden = false;
    box.classList.add("invalid");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${error.id}${hint ? ` ${id}-hint` : ""}`);
    input.focus();
  };
  return { box, input, refuse };
}

// `more`: further buttons, each with what the answer is then.
function open(heading, fields, { more = [], check = () => true, yes }) {
  const title = element("h2", { id: "_editor-dialog" }, heading);
  const others = [...more, ["Cancel", ""]].map(([words, answer]) => {
    const button = element("button", { type: "button", className: `button${answer ? " danger" : ""}` }, words);
    button.addEventListener("click", () => dialog.close(answer));
    return button;
  });
  const confirm = element("button", { className: "button primary", value: "yes" }, yes);
  const form = element("form", { method: "dialog" }, title, ...fields.map(({ box }) => box), element("div", { className: "form-actions" }, ...others, confirm));
  const dialog = element("dialog", { className: "editor-dialog", "aria-labelledby": "_editor-dialog" }, form);
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.stopPropagation();
    if (event.submitter === confirm && !check()) event.preventDefault();
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0].input.focus();
  fields[0].input.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

// Names of pages that are typed become a choice of their addresses.
function suggestPages(input) {
  const list = element("datalist", { id: `${input.id}-pages` });
  input.setAttribute("list", list.id);
  input.after(list);
  let asking;
  let timer;
  const ask = async () => {
    const words = input.value.trim();
    if (words.length < 2 || /^([/#?]|[a-z]+:)/i.test(words)) return;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/search/suggest?q=${encodeURIComponent(words)}`, { signal: asking.signal });
      if (!answer.ok) return;
      const pages = await answer.json();
      list.replaceChildren(...pages.map(({ path, title }) => element("option", { value: path }, title)));
    } catch { /* the address can be typed */ }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
}

const spelled = (address) => (/^www\.\S+\.\S+$/i.test(address) ? `https://${address}` : /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address) ? `mailto:${address}` : address);

async function askForLink({ href = "", words = "", isNew, takesWords }) {
  const address = field("Address", href, { hint: "Type the name of a page to find it, or paste an address", inputMode: "url", spellcheck: false });
  const text = field("Words that are the link", words);
  suggestPages(address.input);
  const check = () => {
    const typed = spelled(address.input.value.trim());
    if (!typed) return address.refuse("Enter an address");
    if (!isAllowed(typed)) return address.refuse("Links may lead to web pages, e-mail addresses and telephone numbers");
    return true;
  };
  const answer = await open(isNew ? "Add a link" : "Edit the link", takesWords ? [address, text] : [address], { more: isNew ? [] : [["Remove the link", "remove"]], check, yes: isNew ? "Add" : "Change" });
  if (answer === "remove") return { isRemoved: true };
  return answer === "yes" ? { href: spelled(address.input.value.trim()), words: text.input.value.trim() } : undefined;
}

async function askForImage(known) {
  const address = field("Address of the picture", known?.src ?? "", { hint: "On this site, such as /media/plan.png", inputMode: "url", spellcheck: false });
  const alt = field("Description", known?.alt ?? "", { hint: "What it shows, for those who cannot see it. A picture without one cannot be published" });
  const check = () => {
    const typed = address.input.value.trim();
    if (!typed) return address.refuse("Enter the address of the picture");
    if (!isLocal(typed)) return address.refuse("Pictures are shown from this site only: begin the address with /");
    return true;
  };
  const answer = await open(known ? "Edit the picture" : "Add a picture", [address, alt], { check, yes: known ? "Change" : "Add" });
  return answer === "yes" ? { src: address.input.value.trim(), alt: alt.input.value.trim(), title: known?.title ?? null } : undefined;
}

export async function editLink(view) {
  const { doc, selection } = view.state;
  const { parent } = selection.$from;
  if (!parent.inlineContent || parent.type.spec.code) return;
  const place = linkAt(view.state) ?? {};
  const words = place.text ?? (place.from === undefined ? "" : doc.textBetween(place.from, place.to, " "));
  const takesWords = place.from === undefined || doc.resolve(place.from).sameParent(doc.resolve(place.to));
  const answer = await askForLink({ href: place.attrs?.href, words, isNew: !place.attrs, takesWords });
  view.focus();
  if (!answer) return;
  const link = { href: answer.href, title: place.attrs?.title, words: takesWords ? answer.words : undefined };
  const run = answer.isRemoved ? removeLink(place) : setLink(place, link);
  run(view.state, view.dispatch);
}

// By its address, where the media library is not to be had.
export async function editImage(view) {
  const answer = await askForImage(imageAt(view.state));
  view.focus();
  if (answer) setImage(answer)(view.state, view.dispatch);
}
