// The selection at the time of a key. Browsers tell of a new one a moment late, so a key that is pressed quickly after End
// would act where the caret was before. Knows no document.
import { Plugin } from "prosemirror-state";

// The view reads the browser's selection whenever it is told of a change.
function readSelection(view) {
  if (!view.composing) view.dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
  return false;
}

export const promptSelection = new Plugin({ props: { handleDOMEvents: { keydown: readSelection, keyup: readSelection } } });
