// Files that are added to the media library on its own screen: chosen or dropped there, each sent by itself, with how far it is.
import { element, one } from "./dom.js";
import { send } from "./media_upload.js";

// So many are on their way at once; the others wait.
const AT_ONCE = 2;

class Arrival {
  constructor(file, onChange) {
    this.file = file;
    this.onChange = onChange;
    this.isPending = true;
    this.name = element("strong", { dir: "auto" }, file.name);
    this.state = element("span", { className: "meta" }, "Waits.");
    this.bar = element("progress", { max: 1, value: 0, hidden: true });
    this.bar.setAttribute("aria-label", `How much of ${file.name} has arrived`);
    this.again = element("button", { type: "button", className: "button small", hidden: true }, "Try again");
    this.again.setAttribute("aria-label", `Try again: ${file.name}`);
    this.dom = element("li", {}, this.name, this.bar, this.state, this.again);
    this.again.addEventListener("click", () => {
      this.isPending = true;
      this.isBroken = false;
      this.again.hidden = true;
      this.state.textContent = "Waits.";
      onChange();
    });
  }

  async begin() {
    this.isBegun = true;
    this.bar.hidden = false;
    this.bar.value = 0;
    this.state.textContent = "On its way …";
    const { done } = send(this.file, (part) => {
      this.bar.value = part;
      if (part === 1) this.state.textContent = "Arrived. It is being prepared …";
    });
    try {
      const thing = await done;
      this.name.replaceChildren(element("a", { href: thing.screen, dir: "auto" }, thing.title));
      this.state.textContent = `In the library: ${thing.about}`;
    } catch ({ message }) {
      this.isBroken = true;
      this.state.textContent = message;
      this.again.hidden = false;
    }
    this.bar.hidden = true;
    this.isBegun = this.isPending = false;
    this.onChange();
  }
}

const count = (number) => `${number} ${number === 1 ? "file" : "files"}`;

class Adding {
  constructor(form) {
    this.rows = [];
    this.input = one("input[type=file]", form);
    this.list = element("ul", { className: "arrivals" });
    this.status = element("p", { className: "meta" });
    this.status.setAttribute("role", "status");
    form.append(this.status, this.list);
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.input.click();
    });
    this.#takeDrops(one("[data-drop-files]", form));
    addEventListener("beforeunload", (event) => this.#pending().length && event.preventDefault());
  }

  #takeDrops(zone) {
    const holdsFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");
    one("p", zone).hidden = false;
    // Beside the zone a file would be opened in place of the screen.
    document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      zone.classList.remove("drop-onto");
      this.add([...event.dataTransfer.files]);
    });
    document.addEventListener("dragenter", (event) => holdsFiles(event) && zone.classList.add("drop-onto"));
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? zone.classList.remove("drop-onto"));
  }

  add(files) {
    const rows = files.map((file) => new Arrival(file, () => this.draw()));
    this.rows.push(...rows);
    this.list.append(...rows.map(({ dom }) => dom));
    this.draw();
  }

  #pending = () => this.rows.filter(({ isPending }) => isPending);

  draw() {
    const pending = this.#pending();
    const free = AT_ONCE - pending.filter(({ isBegun }) => isBegun).length;
    pending.filter(({ isBegun }) => !isBegun).slice(0, Math.max(0, free)).forEach((row) => row.begin());
    const broken = this.rows.filter(({ isBroken }) => isBroken).length;
    const there = this.rows.length - pending.length - broken;
    const words = pending.length ? `${there} of ${count(this.rows.length)} in the library.` : `${count(there)} in the library.`;
    const told = broken ? `${words} ${count(broken)} not added.` : words;
    if (this.rows.length && told !== this.status.textContent) this.status.textContent = told;
  }
}

const form = one("form[data-add-files]");
if (form) new Adding(form);
