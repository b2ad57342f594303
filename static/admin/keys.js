// What the keys of the admin area are called on this machine.

export const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);

// "Mod+S" as it is read, and as `aria-keyshortcuts` takes it.
export const shown = (keys) => (isMac ? keys.replace("Mod+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧").replace("Enter", "↩") : keys.replace("Mod", "Ctrl"));
export const named = (keys) => keys.replace("Mod", isMac ? "Meta" : "Control");

// Whether what has the focus takes letters.
export const isTyping = (target) => target.isContentEditable || ["input", "textarea", "select"].includes(target.localName);
