// Asks for the address of a link, or for a picture and its description, and sets what was typed.
import { AllSelection, TextSelection } from "prosemirror-state";
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

const spelled = (address) => (/^www\.\S+\.\S+$/i.test(address) ? `https://${address}` : /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address) ? `mailto:${address}` : address);

const FORBIDDEN = "Links may lead to web pages, e-mail addresses and telephone numbers";
const wrongWith = (typed) => (isAllowed(spelled(typed)) ? "" : FORBIDDEN);

// By its address alone, where the admin area does not ask.
async function askForLink({ href = "", words = "", isNew, takesWords }) {
  const address = field("Address", href, { hint: "Such as /about or https://example.org", inputMode: "url", spellcheck: false });
  const text = field("Words that are the link", words);
  const check = () => {
    const typed = address.input.value.trim();
    const wrong = typed ? wrongWith(typed) : "Enter an address";
    return wrong ? address.refuse(wrong) : true;
  };
  const answer = await open(isNew ? "Add a link" : "Edit the link", takesWords ? [address, text] : [address], { more: isNew ? [] : [["Remove the link", "remove"]], check, yes: isNew ? "Add" : "Change" });
  if (answer === "remove") return { isRemoved: true };
  return answer === "yes" ? { href: address.input.value.trim(), words: text.input.value.trim() } : undefined;
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

// The admin area finds pages; `area` is the text area, on which it is asked.
function ask(area, asked) {
  return new Promise((resolve) => {
    const event = new CustomEvent("link", { cancelable: true, detail: { ...asked, check: wrongWith, done: resolve } });
    if (area.dispatchEvent(event)) resolve(askForLink(asked));
  });
}

export async function editLink(view, area) {
  const { selection: { $from, $to }, tr } = view.state;
  // All of it begins before any text.
  if (view.state.selection instanceof AllSelection) view.dispatch(tr.setSelection(TextSelection.between($from, $to)));
  const { doc, selection } = view.state;
  const { parent } = selection.$from;
  if (!parent.inlineContent || parent.type.spec.code) return;
  const place = linkAt(view.state) ?? {};
  const words = place.text ?? (place.from === undefined ? "" : doc.textBetween(place.from, place.to, " "));
  const takesWords = place.from === undefined || doc.resolve(place.from).sameParent(doc.resolve(place.to));
  const answer = await ask(area, { href: place.attrs?.href, words, isNew: !place.attrs, takesWords });
  view.focus();
  if (!answer) return;
  const link = { href: answer.href && spelled(answer.href), title: place.attrs?.title, words: takesWords ? answer.words : undefined };
  const run = answer.isRemoved ? removeLink(place) : setLink(place, link);
  run(view.state, view.dispatch);
}

// By its address, where the media library is not to be had.
export async function editImage(view) {
  const answer = await askForImage(imageAt(view.state));
  view.focus();
  if (answer) setImage(answer)(view.state, view.dispatch);
}
