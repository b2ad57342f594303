// The dialog for a link: finds pages, questions and files by their titles and paths, or takes an address. Knows no editor.
import { element } from "./dom.js";
import { open } from "./media_dialog.js";

const PAUSE = 150;

function field(label, id, value, hint) {
  const input = element("input", { id, type: "text", value, dir: "auto", autocomplete: "off", spellcheck: false });
  const told = hint ? [element("p", { className: "hint", id: `${id}-hint` }, hint)] : [];
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  const error = element("p", { className: "field-error", id: `${id}-error`, hidden: true });
  const box = element("div", { className: "field" }, element("label", { htmlFor: id }, label), ...told, error, input);
  const refuse = (why) => {
    error.textContent = why;
    error.hidden = false;
    box.classList.add("invalid");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${error.id} ${id}-hint`);
    input.focus();
    return false;
  };
  return { box, input, refuse };
}

// A list below an input whose entries are chosen with the arrow keys or the pointer, while the focus stays in the input.
class Choices {
  #options = [];
  #active = -1;

  constructor(input, choose) {
    this.input = input;
    this.choose = choose;
    this.list = element("ul", { id: `${input.id}-choices`, className: "link-choices", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Pages, questions and files");
    this.status = element("p", { className: "meta" });
    this.status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.after(this.list, this.status);
    input.addEventListener("keydown", (event) => this.#press(event));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  show(choices) {
    this.#options = choices.map((choice, at) => {
      const option = element("li", { id: `${this.list.id}-${at}` },
        element("span", { dir: "auto" }, choice.title), element("span", { className: "meta" }, `${choice.about}, `, element("bdi", {}, choice.address)));
      option.setAttribute("role", "option");
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => this.#take(choice));
      return { option, choice };
    });
    this.list.replaceChildren(...this.#options.map(({ option }) => option));
    this.list.hidden = !choices.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.#mark(-1);
  }

  hide() {
    this.show([]);
    this.status.textContent = "";
  }

  #take(choice) {
    this.hide();
    this.input.focus();
    this.choose(choice);
  }

  #mark(at) {
    this.#active = at;
    this.#options.forEach(({ option }, other) => option.setAttribute("aria-selected", String(other === at)));
    const active = this.#options[at]?.option;
    active?.scrollIntoView({ block: "nearest" });
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #press(event) {
    if (!this.isOpen || event.isComposing) return;
    const count = this.#options.length;
    const acts = {
      ArrowDown: () => this.#mark((this.#active + 1) % count),
      ArrowUp: () => this.#mark((Math.max(this.#active, 0) + count - 1) % count),
      Escape: () => this.hide(),
      ...(this.#active >= 0 && { Enter: () => this.#take(this.#options[this.#active].choice) }),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }
}

// Looks for what is typed, after a pause; addresses of other kinds are left alone.
function search(choices) {
  const { input, status } = choices;
  let asking;
  let timer;
  const ask = async () => {
    const words = input.value.trim();
    asking?.abort();
    if (words.length < 2 || /^([#?]|[a-z]+:)/i.test(words)) return choices.hide();
    asking = new AbortController();
    try {
      const answer = await fetch(`/admin/link-choices?q=${encodeURIComponent(words)}`, { signal: asking.signal, redirect: "error" });
      const found = (await answer.json()).choices;
      choices.show(found);
      status.textContent = found.length ? `${found.length} found. Choose with the arrow keys and Enter.` : "Nothing was found.";
    } catch ({ name }) {
      if (name !== "AbortError") status.textContent = "The server cannot be asked now. Type the address.";
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  return () => {
    clearTimeout(timer);
    asking?.abort();
  };
}

// `check` says what is wrong with an address; nothing when it is good. Gives the address and the words, that the link is to be
// removed, or nothing.
export async function askForLink({ href = "", words = "", isNew = true, takesWords = true, check = () => "" }) {
  const address = field("Address", "_link-address", href, "Type the name of a page, question or file to find it, or paste an address");
  const text = field("Words that are the link", "_link-words", words);
  const choices = new Choices(address.input, ({ address: found, title }) => {
    address.input.value = found;
    if (!text.input.value.trim()) text.input.value = title;
  });
  const stop = search(choices);
  const isGood = () => {
    const typed = address.input.value.trim();
    const wrong = typed ? check(typed) : "Enter an address";
    return wrong ? address.refuse(wrong) : true;
  };
  const more = isNew ? [] : [["Remove the link", "remove"]];
  const fields = takesWords ? [address.box, text.box] : [address.box];
  const { closed } = open(isNew ? "Add a link" : "Edit the link", fields, { yes: isNew ? "Add" : "Change", more, check: isGood });
  address.input.focus();
  address.input.select();
  const answer = await closed;
  stop();
  if (answer === "remove") return { isRemoved: true };
  return answer === "yes" ? { href: address.input.value.trim(), words: text.input.value.trim() } : undefined;
}
