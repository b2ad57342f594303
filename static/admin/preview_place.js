// Where the preview is scrolled to: to the block that the caret is in, or to what is at the top of the window while the text is
// scrolled. Each block of the preview says which lines of the text it was made from. Knows no request.
import { all, one } from "./dom.js";

const PAUSE = 60;
// After the caret has moved, what scrolls does so because of it, in milliseconds.
const CARET_LEADS = 500;
const beside = matchMedia("(min-width: 70rem)");
const area = (form) => one("textarea[data-preview]", form);
const visual = (form) => one(".editor-text", form);
const lineAt = (text, offset) => text.slice(0, offset).split("\n").length;

// The visual editor says where things are in the text that it writes.
function ask(editor, name, detail) {
  editor.dispatchEvent(new CustomEvent(name, { detail }));
  return detail.start;
}

// The line with the caret; none when it is elsewhere.
function caretLine(form) {
  const field = area(form);
  const focused = document.activeElement;
  if (focused === field) return lineAt(field.value, field.selectionStart);
  const start = focused && focused === visual(form) ? ask(focused, "remember-place", {}) : undefined;
  return start === undefined ? undefined : lineAt(field.value, start);
}

// The line that is shown uppermost, below what stays in sight.
function topLine(form) {
  const field = area(form);
  const editor = visual(form);
  if (editor?.hidden ?? true) return lineAt(field.value, Math.floor((field.value.length * field.scrollTop) / field.scrollHeight));
  const box = editor.getBoundingClientRect();
  const covered = Math.max(...all(".title-bar, .editor-head").map((bar) => bar.getBoundingClientRect().bottom));
  if (box.top >= covered) return 1;
  const start = ask(editor, "ask-place", { left: box.left + box.width / 3, top: covered + 30 });
  return start === undefined ? undefined : lineAt(field.value, start);
}

// The block that begins nearest above a line. Footnotes are not where they were written.
function blockOf(inside, line) {
  let found;
  let nearest = 0;
  for (const block of all("[data-sourcepos]", inside)) {
    const from = parseInt(block.dataset.sourcepos, 10);
    if (from > line || from < nearest) continue;
    nearest = from;
    found = block;
  }
  return found;
}

// Scrolls so that the block is in sight; `atTop`: so that it is uppermost.
function scroll(frame, line, atTop) {
  const { contentDocument: inside, contentWindow: view } = frame;
  if (!inside?.body || line === undefined) return;
  if (atTop && line === 1) return view.scrollTo({ top: 0 });
  const block = blockOf(inside, line);
  if (!block) return;
  const { top, bottom } = block.getBoundingClientRect();
  const height = view.innerHeight;
  if (atTop) view.scrollTo({ top: view.scrollY + top - 30 });
  else if (top < height * 0.1 || bottom > height * 0.8) view.scrollTo({ top: view.scrollY + top - height * 0.3 });
}

export const showBlock = (form, frame) => scroll(frame, caretLine(form), false);

export function followText(form, frame) {
  let timer;
  let moved = -CARET_LEADS;
  const soon = (act) => {
    clearTimeout(timer);
    timer = setTimeout(() => frame.offsetParent && beside.matches && act(), PAUSE);
  };
  document.addEventListener("selectionchange", () => {
    if (![area(form), visual(form)].includes(document.activeElement)) return;
    moved = performance.now();
    soon(() => showBlock(form, frame));
  });
  const scrolled = () => {
    if (performance.now() - moved > CARET_LEADS) soon(() => scroll(frame, topLine(form), true));
  };
  addEventListener("scroll", scrolled, { passive: true });
  area(form).addEventListener("scroll", scrolled, { passive: true });
}
