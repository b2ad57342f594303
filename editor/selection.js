// The selection before and after a key. Browsers tell of a new one a moment late, so a key that is pressed quickly after End
// would act where the caret was before. Knows no document.
import { Plugin } from "prosemirror-state";

// The view reads the browser's selection whenever it is told of a change.
function read(view) {
  if (!view.composing) view.dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
}

export function promptSelection() {
  // A key that closed a dialog comes up here without having gone down here; the caret is not where it will be then.
  let isDown = false;
  const keydown = (view) => {
    isDown = true;
    read(view);
    // For a moment after the focus the view takes a caret at the very start for one that the browser put there by itself,
    // and moves it away. After a key it is where the key has put it.
    view.input.lastFocus = 0;
  };
  const keyup = (view) => {
    if (isDown) read(view);
  };
  const blur = () => {
    isDown = false;
  };
  return new Plugin({ props: { handleDOMEvents: { keydown, keyup, blur } } });
}
