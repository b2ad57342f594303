// What is pasted or dropped arrives clean, and what was left out is told, with a way to have the words alone.
import { closeHistory, undo } from "prosemirror-history";
import { Fragment, Slice } from "prosemirror-model";
import { Plugin, Selection } from "prosemirror-state";
import { isInTable } from "prosemirror-tables";
import { clean, disarm } from "./clean.js";
import { parse } from "./parse.js";
import { schema } from "./schema.js";
import { serialise } from "./serialise.js";

const { nodes } = schema;
const LOOKS_LIKE_MARKDOWN = /^(#{1,6} \S|[-*+] \S|\d+[.)] \S|> |```|~~~|\|.*\|\s*$)|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\s]+\)/m;

const NO_FILES = "Pictures and files cannot be put here now. Load the page again.";

function inWords(lost) {
  const parts = lost.map(({ count, kind: [one, many] }) => `${count} ${count === 1 ? one : many}`);
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

// Lines become breaks, gaps become paragraphs.
function plainSlice(text) {
  const paragraphs = text.replace(/\r\n?/g, "\n").split(/\n[ \t]*\n\s*/).map((part) => {
    const lines = part.split("\n").flatMap((line, at) => [...(at ? [nodes.hard_break.create()] : []), ...(line ? [schema.text(line)] : [])]);
    return nodes.paragraph.create(null, lines);
  });
  return new Slice(Fragment.from(paragraphs), 1, 1);
}

function markdownSlice(text) {
  const blocks = parse(text.replace(/\r\n?/g, "\n")).map(({ node }) => node);
  const isOpen = (node) => Number(node?.type === nodes.paragraph);
  return new Slice(Fragment.from(blocks), isOpen(blocks[0]), isOpen(blocks.at(-1)));
}

// Within a cell there is one paragraph.
function inOneLine(slice) {
  const parts = [];
  slice.content.descendants((node) => {
    if (!node.isTextblock) return true;
    if (parts.length) parts.push(nodes.hard_break.create());
    if (node.type.spec.code) parts.push(...(node.textContent ? [schema.text(node.textContent.replace(/\n/g, " "))] : []));
    else node.forEach((child) => parts.push(child));
    return false;
  });
  return parts.length ? new Slice(Fragment.from(nodes.paragraph.create(null, parts)), 1, 1) : slice;
}

export function paste(editor) {
  let lost = [];
  let isMarkdown = false;

  const asPlain = (text) => () => {
    const { view } = editor;
    undo(view.state, view.dispatch);
    view.dispatch(view.state.tr.replaceSelection(isInTable(view.state) ? inOneLine(plainSlice(text)) : plainSlice(text)).scrollIntoView());
    view.focus();
  };

  function tell(text) {
    const actions = [
      ...(text ? [["Paste as plain text instead", asPlain(text)]] : []),
      ["Undo", () => { undo(editor.view.state, editor.view.dispatch); editor.view.focus(); }],
    ];
    if (lost.length) editor.tell(`Pasted without ${inWords(lost)}.`, actions);
    else if (isMarkdown) editor.tell("Pasted as Markdown.", actions);
  }

  // What is pasted is undone on its own.
  function begin(view) {
    lost = [];
    isMarkdown = false;
    const close = () => view.dispatch(closeHistory(view.state.tr));
    close();
    setTimeout(close, 0);
    return false;
  }

  return new Plugin({
    props: {
      transformPastedHTML(html) {
        if (/data-pm-slice/.test(html)) return disarm(html);
        const cleaned = clean(html, location.origin);
        ({ lost } = cleaned);
        return cleaned.html;
      },
      clipboardTextParser(text, _context, isPlain) {
        isMarkdown = !isPlain && LOOKS_LIKE_MARKDOWN.test(text);
        return isMarkdown ? markdownSlice(text) : plainSlice(text);
      },
      clipboardTextSerializer: (slice) => {
        const written = [];
        slice.content.forEach((node) => written.push(node.isBlock && node.type.name in nodes && !["list_item", "table_row", "table_cell", "table_header"].includes(node.type.name) ? serialise(node) : node.textContent));
        return slice.openStart && slice.content.childCount === 1 && slice.content.firstChild.isTextblock ? slice.content.firstChild.textContent : written.join("\n\n");
      },
      handleDOMEvents: {
        // Before the clipboard is read.
        paste: begin,
        drop(view, event) {
          begin(view);
          const { files, types } = event.dataTransfer;
          if (!files.length || types.includes("text/html")) return false;
          // The browser would leave the page for the file.
          event.preventDefault();
          const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
          if (found) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(found.pos))));
          if (!editor.addFiles([...files])) editor.tell(NO_FILES);
          return true;
        },
      },
      handlePaste(view, event, slice) {
        const { clipboardData } = event;
        const text = clipboardData?.getData("text/plain") ?? "";
        if (!slice.size && !text && clipboardData?.files.length) {
          if (!editor.addFiles([...clipboardData.files])) editor.tell(NO_FILES);
          return true;
        }
        if (lost.length || isMarkdown) setTimeout(tell, 0, text);
        const isTable = slice.content.firstChild?.type.spec.tableRole;
        if (!isInTable(view.state) || isTable || (slice.content.childCount === 1 && slice.content.firstChild.type === nodes.paragraph)) return false;
        view.dispatch(view.state.tr.replaceSelection(inOneLine(slice)).scrollIntoView().setMeta("paste", true));
        return true;
      },
      handleDrop() {
        if (lost.length) setTimeout(tell, 0, "");
        return false;
      },
    },
  });
}
