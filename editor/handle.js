// A handle beside the block that the mouse is over: drags it to another place. The keys that move a block do the same.
import { NodeSelection } from "prosemirror-state";
import { element, keyWords } from "./dom.js";

export function dragHandle(editor, surface) {
  const handle = element("div", {
    className: "editor-handle", draggable: true, hidden: true, "aria-hidden": "true",
    title: `Drag to move this block, or press ${keyWords("Alt-Shift-ArrowUp")} and ${keyWords("Alt-Shift-ArrowDown")}`,
  });
  let at;

  function blockAt(y) {
    const { view } = editor;
    const box = view.dom.getBoundingClientRect();
    const found = view.posAtCoords({ left: box.left + box.width / 2, top: y });
    if (!found) return undefined;
    const $pos = view.state.doc.resolve(found.inside >= 0 && !view.state.doc.resolve(found.inside).depth ? found.inside : found.pos);
    return $pos.depth ? $pos.before(1) : $pos.nodeAfter ? $pos.pos : undefined;
  }

  surface.addEventListener("mousemove", ({ clientY, buttons, target }) => {
    if (buttons || target === handle) return;
    at = blockAt(clientY);
    const block = at === undefined ? undefined : editor.view.nodeDOM(at);
    handle.hidden = !block?.getBoundingClientRect;
    if (handle.hidden) return;
    handle.style.top = `${block.getBoundingClientRect().top - surface.getBoundingClientRect().top}px`;
  });
  surface.addEventListener("mouseleave", () => { handle.hidden = true; });

  const select = () => {
    const { view } = editor;
    view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)));
  };
  handle.addEventListener("click", () => {
    select();
    editor.view.focus();
  });
  handle.addEventListener("dragstart", (event) => {
    select();
    const { view } = editor;
    const slice = view.state.selection.content();
    const { dom, text } = view.serializeForClipboard(slice);
    event.dataTransfer.clearData();
    event.dataTransfer.setData("text/html", dom.innerHTML);
    event.dataTransfer.setData("text/plain", text);
    event.dataTransfer.effectAllowed = "copyMove";
    event.dataTransfer.setDragImage(view.nodeDOM(at), 0, 0);
    view.dragging = { slice, move: true };
  });
  handle.addEventListener("dragend", () => { editor.view.dragging = null; });
  return handle;
}
