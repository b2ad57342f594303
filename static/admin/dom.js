// Small helpers that every part uses. Knows no part.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The fields as a browser sends them: lines end in CRLF.
export function fields(form, submitter) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) data.append(name, value.replace(/\r\n?|\n/g, "\r\n"));
  return data;
}

export const target = (form, submitter) =>
  submitter?.hasAttribute("formaction") ? submitter.formAction : new URL(form.getAttribute("action") ?? "", location.href).href;

export const post = (address, body, options) => fetch(address, { method: "POST", body, ...options });

// The words on a button, without the hint beside them.
export const words = (button) => button?.firstChild?.textContent.trim() || button?.textContent.trim() || "";

// What a notice says, without the button beside it.
export const sentence = (notice) => one("p", notice)?.textContent.trim() ?? "";

// Whether a button only shows something.
export const isPreview = (button) => Boolean(button?.hasAttribute("data-preview-button"));
