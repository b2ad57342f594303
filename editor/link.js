// Which addresses a text may lead to, as src/text/link.rs decides it: here only for what the editor draws.
const SCHEMES = ["http:", "https:", "mailto:", "tel:"];

export function isAllowed(address) {
  try {
    return SCHEMES.includes(new URL(address).protocol);
  } catch {
    // Relative, and so of this site.
    return !/^[\s\0-\x1f]*(javascript|data|vbscript)/i.test(address);
  }
}

export const isLocal = (address) => /^\/(?![/\\])/.test(address);
