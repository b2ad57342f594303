// Remembers that someone has signed in with this browser, so that public pages offer to edit them. See static/edit_link.js.
try {
  if (document.body.dataset.user) localStorage.setItem("plinth-editor", "1");
  else localStorage.removeItem("plinth-editor");
} catch {
  // Storage is blocked; public pages offer nothing then.
}
