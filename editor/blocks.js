// How blocks are drawn that are more than their text: tasks with a box, Markdown blocks with a name.
import { element } from "./dom.js";

class Task {
  constructor(node, view, getPos) {
    this.node = node;
    this.dom = element("li");
    this.contentDOM = this.dom;
    if (node.attrs.checked === null) return;
    this.contentDOM = element("div");
    // The key does the same; within the text, Tab leads out of it.
    this.box = element("input", { type: "checkbox", className: "task-box", tabIndex: -1, "aria-label": "Done", contentEditable: "false" });
    this.box.addEventListener("change", () => {
      view.dispatch(view.state.tr.setNodeMarkup(getPos(), null, { checked: this.box.checked }));
      view.focus();
    });
    this.dom.append(this.box, this.contentDOM);
    this.draw();
  }

  draw() {
    if (!this.box) return;
    this.box.checked = this.node.attrs.checked;
    this.dom.className = this.node.attrs.checked ? "task done" : "task";
  }

  update(node) {
    if (node.type !== this.node.type || (node.attrs.checked === null) !== !this.box) return false;
    this.node = node;
    this.draw();
    return true;
  }

  stopEvent(event) { return event.target === this.box; }

  ignoreMutation(mutation) {
    if (mutation.type === "selection" || !this.box) return false;
    return mutation.target === this.box || (mutation.target === this.dom && mutation.type === "attributes");
  }
}

// What a Markdown block holds, in words.
function kindOf(source) {
  if (/^\s*\[\^/.test(source)) return "Footnote";
  if (/^\s*\[[^\]]+\]:/.test(source)) return "Addresses of links";
  if (/(^|\n)[ \t]{0,3}:[ \t]/.test(source)) return "Description list";
  if (/^\s*</.test(source)) return "HTML, shown as text";
  return "Markdown";
}

class MarkdownBlock {
  constructor(node) {
    this.label = element("div", { className: "markdown-label", contentEditable: "false" });
    this.contentDOM = element("pre", { spellcheck: false });
    this.dom = element("div", { className: "markdown-block", role: "group" }, this.label, this.contentDOM);
    this.type = node.type;
    this.draw(node);
  }

  draw(node) {
    const kind = kindOf(node.textContent);
    const words = kind === "Markdown" ? kind : `${kind} (Markdown)`;
    if (this.label.textContent === words) return;
    this.label.textContent = words;
    this.dom.setAttribute("aria-label", words);
  }

  update(node) {
    if (node.type !== this.type) return false;
    this.draw(node);
    return true;
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

export const nodeViews = {
  list_item: (node, view, getPos) => new Task(node, view, getPos),
  markdown: (node) => new MarkdownBlock(node),
};
