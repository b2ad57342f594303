// The menu of blocks: "/" at the beginning of a paragraph opens it, typing filters it, arrow keys choose. The caret stays
// in the text; the chosen option is named by aria-activedescendant.
import { Plugin, PluginKey } from "prosemirror-state";
import { ACTIONS } from "./actions.js";
import { element } from "./dom.js";
import { icon } from "./icons.js";

const key = new PluginKey("blocks");
const NAMES = Object.keys(ACTIONS).filter((name) => ACTIONS[name].block);
const LONGEST = 20;

// What is typed behind the "/" of a paragraph that holds nothing else.
function typed({ selection: { $from, empty } }) {
  if (!empty || $from.parent.type.name !== "paragraph" || $from.parentOffset !== $from.parent.content.size) return undefined;
  const text = $from.parent.textContent;
  return text.startsWith("/") && text.length <= LONGEST && $from.parent.childCount === 1 ? text.slice(1).toLowerCase() : undefined;
}

function matching(words) {
  const starts = (text) => text.toLowerCase().split(" ").some((word) => word.startsWith(words)) || text.toLowerCase().startsWith(words);
  return NAMES.filter((name) => starts(ACTIONS[name].label) || starts(ACTIONS[name].block));
}

const closed = { isOpen: false, names: [], chosen: 0 };

export function blockMenu(editor, id) {
  const listId = `${id}-blocks`;
  const list = element("ul", { id: listId, className: "editor-menu", role: "listbox", "aria-label": "Blocks", hidden: true });
  let told = "";
  const optionId = (name) => `${listId}-${name}`;

  function choose(view, name) {
    const { $from } = view.state.selection;
    view.dispatch(view.state.tr.delete($from.start(), $from.end()).setMeta(key, closed));
    editor.act(name);
  }

  function draw(view) {
    const { isOpen, names, chosen } = key.getState(view.state);
    list.hidden = !isOpen;
    const said = isOpen ? `${names.length === 1 ? "1 block" : `${names.length} blocks`}: choose with the arrow keys and Enter` : "";
    if (said !== told) editor.announce(said);
    told = said;
    if (!isOpen) return;
    list.replaceChildren(...names.map((name, at) => {
      const option = element("li", { id: optionId(name), role: "option", "aria-selected": String(at === chosen) }, icon(name), ACTIONS[name].label);
      option.addEventListener("click", () => choose(view, name));
      return option;
    }));
    const { left, bottom } = view.coordsAtPos(view.state.selection.$from.start());
    const box = list.offsetParent.getBoundingClientRect();
    list.style.top = `${bottom - box.top + 4}px`;
    list.style.left = `${Math.max(0, Math.min(left - box.left, box.width - list.offsetWidth))}px`;
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  list.addEventListener("mousedown", (event) => event.preventDefault());

  const plugin = new Plugin({
    key,
    state: {
      init: () => closed,
      apply(change, old, _, state) {
        const set = change.getMeta(key);
        if (set) return set;
        const words = typed(state);
        // It opens when "/" is typed, and stays closed after Escape.
        if (words === undefined || (!old.isOpen && !(change.docChanged && words === ""))) return closed;
        const names = matching(words);
        if (!names.length) return closed;
        return { isOpen: true, names, chosen: names.join() === old.names.join() ? old.chosen : 0 };
      },
    },
    view: () => ({ update: draw, destroy: () => list.remove() }),
    props: {
      attributes(state) {
        const { isOpen, names, chosen } = key.getState(state);
        return isOpen ? { "aria-controls": listId, "aria-activedescendant": optionId(names[chosen]) } : {};
      },
      handleKeyDown(view, event) {
        const { isOpen, names, chosen } = key.getState(view.state);
        if (!isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
          const next = (chosen + step + names.length) % names.length;
          view.dispatch(view.state.tr.setMeta(key, { isOpen, names, chosen: next }));
        } else if (event.key === "Enter") {
          choose(view, names[chosen]);
        } else if (event.key === "Escape" || event.key === "Tab") {
          view.dispatch(view.state.tr.setMeta(key, closed));
          return event.key === "Escape";
        } else {
          return false;
        }
        return true;
      },
      handleDOMEvents: {
        blur(view) {
          if (key.getState(view.state).isOpen) view.dispatch(view.state.tr.setMeta(key, closed));
          return false;
        },
      },
    },
  });
  return { dom: list, plugin };
}
