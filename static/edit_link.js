// Offers an editor who looks at a public page to edit it, or to publish its newest version. Loaded only where someone has
// signed in with this browser; visitors ask for nothing.

function link(href, text) {
  const found = document.createElement("a");
  found.href = href;
  found.textContent = text;
  return found;
}

const response = await fetch(`/admin/edit-link?path=${encodeURIComponent(location.pathname)}`, { cache: "no-store", redirect: "manual" });
if (response.ok) {
  const { edit, publish, version } = await response.json();
  const bar = document.createElement("nav");
  bar.className = "edit-bar";
  bar.setAttribute("aria-label", "For editors");
  bar.append(link(edit, "Edit this page"));
  if (publish) bar.append(link(publish, `Publish version ${version}`));
  document.querySelector(".skip").after(bar);
} else if (response.status !== 404) {
  // Signed out meanwhile.
  localStorage.removeItem("plinth-editor");
}
