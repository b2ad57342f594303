// One picture or file in a dialog: how far it has arrived, and what it shows, or that it is decorative, which each use is asked
// for. A file that is no picture is asked for the words of its link.
import { element } from "./dom.js";
import { send } from "./media_upload.js";

let number = 0;

export class Row {
  // Of a file that is to be sent, or of a thing that the library has.
  constructor({ file, thing, alt = "", isDecorative = false }, onChange) {
    this.file = file;
    this.onChange = onChange;
    const id = `_media-${(number += 1)}`;
    this.picture = element("div", { className: "media-shown" });
    this.name = element("strong", { dir: "auto" });
    this.state = element("p", { className: "meta", id: `${id}-state` });
    this.bar = element("progress", { max: 1, value: 0, hidden: true });
    this.again = element("button", { type: "button", className: "button small", hidden: true }, "Try again");
    this.out = element("button", { type: "button", className: "button small quiet", hidden: true }, "Leave it out");
    this.#makeFields(id, alt, isDecorative);
    const words = element("div", { className: "media-words" }, this.name, this.state, this.bar, this.fields, element("div", { className: "row-actions" }, this.again, this.out));
    this.dom = element("li", { className: "media-row" }, this.picture, words);
    this.again.addEventListener("click", () => this.#send());
    this.out.addEventListener("click", () => this.leave());
    this.bar.setAttribute("aria-label", `How much of ${file?.name ?? ""} has arrived`);
    if (thing) this.#arrive(thing);
    else this.#send();
  }

  #makeFields(id, alt, isDecorative) {
    this.input = element("input", { type: "text", id, value: alt, dir: "auto", autocomplete: "off" });
    this.label = element("label", { htmlFor: id }, "Description");
    this.hint = element("p", { className: "hint", id: `${id}-hint` }, "What it shows, for those who cannot see it.");
    this.error = element("p", { className: "field-error", id: `${id}-error`, hidden: true });
    this.input.setAttribute("aria-describedby", `${id}-hint`);
    this.decorative = element("input", { type: "checkbox", id: `${id}-decorative`, checked: isDecorative });
    this.choice = element("div", { className: "field choice" }, this.decorative, element("label", { htmlFor: `${id}-decorative` }, "Decorative: it says nothing that the text does not say"));
    this.field = element("div", { className: "field" }, this.label, this.hint, this.error, this.input);
    this.fields = element("div", { hidden: true }, this.field, this.choice);
    this.decorative.addEventListener("change", () => this.#draw());
  }

  #draw() {
    this.field.hidden = this.isPicture && this.decorative.checked;
    this.#refuse("");
  }

  #refuse(why) {
    this.error.textContent = why;
    this.error.hidden = !why;
    this.field.classList.toggle("invalid", Boolean(why));
    this.input.setAttribute("aria-describedby", why ? `${this.error.id} ${this.hint.id}` : this.hint.id);
    if (why) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  async #send() {
    this.name.textContent = this.file.name || "Picture";
    this.isPending = true;
    this.again.hidden = true;
    this.out.hidden = false;
    this.bar.hidden = false;
    this.bar.value = 0;
    this.state.textContent = "On its way …";
    this.onChange();
    const { done, cancel } = send(this.file, (part) => {
      this.bar.value = part;
      if (part === 1) this.state.textContent = "Arrived. It is being prepared …";
    });
    this.cancel = cancel;
    try {
      this.#arrive(await done);
    } catch ({ message }) {
      this.state.textContent = message;
      this.again.hidden = false;
    }
    this.isPending = false;
    this.bar.hidden = true;
    this.onChange();
  }

  #arrive(thing) {
    this.thing = thing;
    this.isPicture = thing.kind === "picture";
    this.name.textContent = thing.title;
    this.state.textContent = thing.about;
    this.out.hidden = false;
    if (this.isPicture) {
      this.picture.replaceChildren(element("img", { src: thing.small, alt: "", className: `thumbnail focus-${thing.focus}` }));
    } else {
      this.label.textContent = "Words of the link";
      this.hint.textContent = "What visitors get, with its kind and size.";
      this.input.value ||= `${thing.title} (${thing.about})`;
    }
    this.choice.hidden = !this.isPicture;
    this.fields.hidden = false;
    this.#draw();
    // Until now there was nothing else to be at.
    if (document.activeElement === this.out) this.input.focus();
  }

  leave() {
    this.isLeft = true;
    this.cancel?.();
    this.onChange();
  }

  get isReady() {
    return Boolean(this.thing);
  }

  // Whether it says what is asked for; if not, the caret is where it is missing.
  check() {
    const says = this.input.value.trim() || (this.isPicture && this.decorative.checked);
    if (says) return true;
    this.#refuse(this.isPicture ? "Say what the picture shows, or that it is decorative" : "Enter the words of the link");
    this.input.focus();
    return false;
  }

  get answer() {
    const isDecorative = this.isPicture && this.decorative.checked;
    return { path: this.thing.path, isPicture: this.isPicture, words: isDecorative ? "" : this.input.value.trim(), isDecorative };
  }
}
