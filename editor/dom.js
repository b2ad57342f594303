// Small helpers for elements. Knows no part.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && key !== "form" && !key.startsWith("aria")) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);

// A key as it is shown: `Mod-Shift-x` is Ctrl+Shift+X.
export function keyWords(keys) {
  const names = isMac
    ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Ctrl: "⌃", ArrowUp: "↑", ArrowDown: "↓" }
    : { Mod: "Ctrl", ArrowUp: "Up", ArrowDown: "Down" };
  return keys.split(/-(?=.)/).map((key) => names[key] ?? key.toUpperCase().replace(/^(.)(.+)$/, (_, a, b) => a + b.toLowerCase())).join(isMac ? "" : "+");
}

// The same as `aria-keyshortcuts` takes it.
export const keyNames = (keys) => keys.split(/-(?=.)/).map((key) => (key === "Mod" ? (isMac ? "Meta" : "Control") : key === "Ctrl" ? "Control" : key.length === 1 ? key.toUpperCase() : key)).join("+");
