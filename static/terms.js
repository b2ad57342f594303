// Owns the Escape key for the definitions of terms: hides the one that is seen until the pointer and the focus have left its term.
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) term.classList.add("is-dismissed");
});
for (const event of ["mouseout", "focusout"]) {
  addEventListener(event, ({ target, relatedTarget }) => {
    const term = target instanceof Element && target.closest(".term");
    if (term && !term.contains(relatedTarget)) term.classList.remove("is-dismissed");
  });
}
