// Which key does what. Tab is not among them: it leaves the editor.
import { baseKeymap, chainCommands, exitCode } from "prosemirror-commands";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { goToNextCell } from "prosemirror-tables";
import { redo } from "prosemirror-history";
import { ACTIONS } from "./actions.js";
import { leaveLastBlock, lineBreak, paragraph, paragraphBelow } from "./commands.js";
import { backspace, enter } from "./descriptions.js";
import { indent, outdent, splitItem } from "./lists.js";
import { lineBreakInCell } from "./tables.js";

// Ctrl+Enter belongs to publishing.
const { "Mod-Enter": _, ...usual } = baseKeymap;

export function keys(editor) {
  const own = {};
  for (const [name, { keys: on }] of Object.entries(ACTIONS)) if (on) own[on] = () => editor.act(name);
  return [
    keymap({
      ...own,
      "Mod-y": redo,
      "Mod-Alt-0": paragraph,
      "Ctrl-]": chainCommands(indent, goToNextCell(1)),
      "Ctrl-[": chainCommands(outdent, goToNextCell(-1)),
      "Alt-Shift-ArrowRight": chainCommands(indent, goToNextCell(1)),
      "Alt-Shift-ArrowLeft": chainCommands(outdent, goToNextCell(-1)),
      Escape: () => editor.leaveFullScreen(),
      "Alt-F10": () => editor.focusToolbar(),
      Backspace: chainCommands(undoInputRule, backspace),
      Enter: chainCommands(lineBreakInCell, enter, splitItem),
      "Shift-Enter": chainCommands(exitCode, lineBreak),
      "Mod-Shift-Enter": paragraphBelow,
      ArrowDown: leaveLastBlock,
    }),
    keymap(usual),
  ];
}
