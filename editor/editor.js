// The visual editor of one text area. If anything here fails, the text area comes back with the text.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { closeHistory, history } from "prosemirror-history";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { ACTIONS } from "./actions.js";
import { nodeViews } from "./blocks.js";
import { editImage, editLink } from "./dialogs.js";
import { Field, startOf } from "./field.js";
import { finder } from "./find.js";
import { fullScreen, makeFrame, tell } from "./frame.js";
import { dragHandle } from "./handle.js";
import { headings } from "./headings.js";
import { keys } from "./keys.js";
import { isAllowed } from "./link.js";
import { describeImage, imageAt, insertMedia } from "./links.js";
import { paste } from "./paste.js";
import { PLACEHOLDER, placeholder } from "./placeholder.js";
import { markdownRules } from "./rules.js";
import { promptSelection } from "./selection.js";
import { blockMenu } from "./slash.js";
import { tables } from "./table_rules.js";
import { makeToolbar } from "./toolbar.js";
import { countWords, inWords } from "./words.js";

const MODE = "plinth:way-to-write";

export class Editor {
  #isTaking = false;
  #timer;
  #isDrawn = false;

  constructor(area) {
    this.id = `${area.id}-visual`;
    const caret = document.activeElement === area ? [area.selectionStart, area.selectionEnd] : undefined;
    this.field = new Field(area);
    this.frame = makeFrame(area, this.id);
    this.menu = blockMenu(this, this.id);
    this.finder = finder(this);
    this.toolbar = makeToolbar(this, this.id);
    this.view = this.#makeView(area);
    this.frame.head.append(this.toolbar.dom, this.finder.dom);
    this.frame.surface.append(dragHandle(this, this.frame.surface), this.menu.dom);
    this.full = fullScreen(this.frame.dom, (isOn) => this.toolbar.set("full", isOn));
    this.#listen(area);
    this.#show(rememberedMode());
    this.#draw();
    this.full.restore();
    if (caret) this.#place(...caret);
  }

  // Does what a button or a key names.
  act(name) {
    const { run, opens, keys: on, block } = ACTIONS[name];
    // The selection as it is now: browsers tell of it a little later.
    this.flush();
    if (opens) {
      ({ link: () => editLink(this.view, this.field.area), image: () => this.#editImage(), find: () => this.finder.open(), full: () => this.full.toggle() })[opens]();
      return true;
    }
    const isDone = run(this.view.state, this.view.dispatch, this.view);
    // A block is made to be written in; other buttons may be pressed one after the other.
    if (block || !this.toolbar.dom.contains(document.activeElement)) this.view.focus();
    if (isDone && (name === "up" || name === "down")) this.tell(name === "up" ? "Moved up." : "Moved down.");
    return isDone || Boolean(on?.startsWith("Mod"));
  }

  // What an input method has not handed over yet, and what waits to be put into the field.
  flush() {
    this.#guarded(() => {
      this.view.domObserver?.flush();
      this.field.flush();
    });
  }

  // Files that were pasted or dropped: the media library takes them and asks what they show.
  addFiles(files) {
    return this.#askForMedia({ files }, (answers) => this.#insert(answers));
  }

  #editImage() {
    const known = imageAt(this.view.state);
    const asked = known ? { known: describeImage(known) } : {};
    if (!this.#askForMedia(asked, (answers) => (answers ? this.#insert(answers) : editImage(this.view)))) editImage(this.view);
  }

  #insert(answers) {
    this.view.focus();
    this.#guarded(() => insertMedia(answers)(this.view.state, this.view.dispatch));
  }

  // Whether the admin area asks; `done` is given what is to be put into the text, or nothing where the address is to be typed.
  #askForMedia(asked, done) {
    return !this.field.area.dispatchEvent(new CustomEvent("media", { cancelable: true, detail: { ...asked, done } }));
  }

  leaveFullScreen() {
    return this.full.leave();
  }

  focusToolbar() {
    this.toolbar.focus();
    return true;
  }

  tell(sentence, actions = []) {
    tell(this.frame.status, sentence, actions);
  }

  // For screen readers only.
  announce(sentence) {
    this.frame.spoken.textContent = sentence;
  }

  // The text area alone, with the text as it is.
  fail(error) {
    if (this.hasFailed) return;
    this.hasFailed = true;
    console.error(error);
    try {
      this.field.fill(this.view.state.doc);
    } catch { /* what was put in before stays */ }
    this.#show("markdown");
    this.frame.modes.hidden = true;
    this.full.leave();
    this.frame.status.classList.add("is-warning");
    this.tell("The visual editor has stopped working. Your text is complete, as Markdown. Save it; then load the page again to go on with the visual editor.");
  }

  #makeView(area) {
    const cursors = [gapCursor(), dropCursor({ class: "drop-cursor", color: false, width: 3 })];
    const state = EditorState.create({
      doc: this.field.doc,
      plugins: [
        promptSelection(), this.menu.plugin, paste(this), markdownRules, ...keys(this), ...tables, ...cursors, history(), headings,
        this.finder.plugin, placeholder,
      ],
    });
    return new EditorView(this.frame.surface, {
      state,
      nodeViews,
      attributes: () => attributesOf(area, this.id),
      dispatchTransaction: (transaction) => this.#guarded(() => this.#apply(transaction)),
      handleClick: (_, __, event) => follow(event),
      handleDoubleClickOn: (_, __, node) => node.type.name === "image" && this.act("image"),
      // The title and the toolbar stay on top, messages at the foot.
      scrollThreshold: { top: 150, bottom: 110, left: 0, right: 0 },
      scrollMargin: { top: 160, bottom: 120, left: 0, right: 0 },
    });
  }

  #guarded(act) {
    if (this.hasFailed) return;
    try {
      act();
    } catch (error) {
      this.fail(error);
    }
  }

  #apply(transaction) {
    this.view.updateState(this.view.state.apply(transaction));
    if (transaction.docChanged && !this.#isTaking) {
      this.field.put(this.view.state.doc);
      if (!transaction.getMeta("paste") && !transaction.getMeta("uiEvent")) this.tell("");
    }
    this.#draw();
  }

  // From the text area into the editor; what is the same stays, and so does what can be undone.
  #take() {
    const { state } = this.view;
    const { doc } = state;
    const next = this.field.take(doc);
    if (!next) return;
    let [start, end] = [0, 0];
    const shortest = Math.min(doc.childCount, next.childCount);
    while (start < shortest && doc.child(start) === next.child(start)) start += 1;
    while (end < shortest - start && doc.child(doc.childCount - 1 - end) === next.child(next.childCount - 1 - end)) end += 1;
    const { content } = next.slice(startOf(next, start), startOf(next, next.childCount - end));
    this.#isTaking = true;
    try {
      this.view.dispatch(closeHistory(state.tr.replaceWith(startOf(doc, start), startOf(doc, doc.childCount - end), content)));
      // It is undone on its own.
      this.view.dispatch(closeHistory(this.view.state.tr));
    } finally {
      this.#isTaking = false;
    }
  }

  #listen(area) {
    const { frame, view, field } = this;
    const isVisual = () => this.mode === "visual";
    const flush = () => this.flush();
    field.onInput(() => (isVisual() ? this.#guarded(() => this.#take()) : this.#count()));
    area.labels?.[0]?.addEventListener("click", () => isVisual() && view.focus());
    area.addEventListener("restore-place", ({ detail }) => isVisual() && this.#guarded(() => this.#place(detail.start, detail.end, detail.isShown)));
    view.dom.addEventListener("remember-place", ({ detail }) => this.#guarded(() => {
      const { doc, selection: { from, to } } = view.state;
      Object.assign(detail, { id: area.id, start: field.offset(doc, from), end: field.offset(doc, to) });
    }));
    // Where in the text something is that is shown at a place of the window.
    view.dom.addEventListener("ask-place", ({ detail }) => this.#guarded(() => {
      const found = view.posAtCoords(detail);
      if (found) detail.start = field.offset(view.state.doc, found.pos);
    }));
    frame.modes.addEventListener("click", ({ target }) => target.dataset.mode && this.#switch(target.dataset.mode));
    area.form?.addEventListener("submit", flush, true);
    view.dom.addEventListener("blur", flush);
    for (const name of ["pagehide", "beforeunload"]) addEventListener(name, flush, true);
    document.addEventListener("visibilitychange", flush);
    // What the library does on its own, between our calls.
    addEventListener("error", ({ filename, error }) => {
      if (filename === import.meta.url || error?.stack?.includes(import.meta.url)) this.fail(error);
    });
  }

  #show(mode) {
    this.mode = mode;
    const { frame, field, view } = this;
    const isVisual = mode === "visual";
    frame.dom.classList.toggle("is-visual", isVisual);
    frame.visual.setAttribute("aria-pressed", String(isVisual));
    frame.markdown.setAttribute("aria-pressed", String(!isVisual));
    frame.head.hidden = !isVisual;
    view.dom.hidden = !isVisual;
    if (isVisual) field.hide(view.dom);
    else field.show();
    const hint = document.getElementById(`${field.area.id}-hint`);
    if (hint) hint.hidden = isVisual;
  }

  #switch(mode) {
    if (mode === this.mode) return;
    this.flush();
    this.#guarded(() => {
      const { field, view } = this;
      const { area } = field;
      const { doc, selection } = view.state;
      const places = mode === "markdown" ? [selection.from, selection.to].map((at) => field.offset(doc, at)) : [area.selectionStart, area.selectionEnd];
      if (mode === "visual") this.#take();
      this.#show(mode);
      rememberMode(mode);
      this.tell("");
      if (mode === "visual") return this.#place(...places);
      area.focus();
      area.setSelectionRange(...places);
    });
  }

  // Puts the caret where these places of the source are shown, and moves the screen there if it is to.
  #place(start, end, isShown = false) {
    if (start === null || start === undefined) return;
    const { doc, tr } = this.view.state;
    const [from, to] = [start, end].map((offset) => doc.resolve(this.field.place(doc, offset)));
    this.view.dispatch(tr.setSelection(TextSelection.between(from, to)));
    this.view.focus();
    if (isShown) this.view.dispatch(this.view.state.tr.scrollIntoView());
  }

  #draw() {
    this.#count();
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    requestAnimationFrame(() => {
      this.#isDrawn = false;
      this.#guarded(() => this.toolbar.update(this.view.state));
    });
  }

  #count() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { doc } = this.view.state;
      const text = this.mode === "visual" ? doc.textBetween(0, doc.content.size, " ", " ") : this.field.area.value;
      this.frame.count.textContent = inWords(countWords(text));
    }, 300);
  }
}

function attributesOf(area, id) {
  const label = [...(area.labels?.[0]?.childNodes ?? [])].find(({ nodeType }) => nodeType === Node.TEXT_NODE)?.data.trim() ?? "Text";
  const of = (name) => (area.hasAttribute(name) ? { [name]: area.getAttribute(name) } : {});
  // The hint is about Markdown.
  const described = (area.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other !== `${area.id}-hint`).join(" ");
  return {
    id, role: "textbox", "aria-multiline": "true", "aria-label": label, "aria-placeholder": PLACEHOLDER, dir: "auto", class: "editor-text",
    ...(described ? { "aria-describedby": described } : {}), ...of("aria-invalid"), ...(area.required ? { "aria-required": "true" } : {}),
  };
}

// Ctrl and a click open a link.
function follow(event) {
  const href = event.target.closest?.("a[href]")?.getAttribute("href");
  if (!href || !(event.ctrlKey || event.metaKey) || !isAllowed(href)) return false;
  window.open(href, "_blank", "noopener");
  return true;
}

function rememberedMode() {
  try {
    return localStorage.getItem(MODE) === "markdown" ? "markdown" : "visual";
  } catch {
    return "visual";
  }
}

function rememberMode(mode) {
  try {
    localStorage.setItem(MODE, mode);
  } catch { /* for this time only */ }
}
