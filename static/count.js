// Counts what is typed into a field with a limit, as the server counts it. Nothing is cut: what is too long stays and is
// refused with its number. Serves the site and the admin area, and needs no other file.

const encoder = new TextEncoder();
const many = (count, unit) => `${count.toLocaleString("en-GB")} ${unit}${count === 1 ? "" : "s"}`;

// Lines end in LF there, and blank lines around are not counted; in a single line every gap is one space.
function measure(field) {
  const lines = field.value.replace(/\r\n?/g, "\n").replace(/^([ \t]*\n)+|(\n[ \t]*)+$/g, "");
  if (field.dataset.limitBytes) return encoder.encode(lines).length;
  return [...(field.localName === "textarea" ? lines : lines.trim().replace(/\s+/g, " "))].length;
}

function watch(field) {
  const limit = Number(field.dataset.limit ?? field.dataset.limitBytes);
  const unit = field.dataset.limit ? "character" : "byte";
  const line = Object.assign(document.createElement("p"), { className: "count", hidden: true, id: `${field.id}-count` });
  line.setAttribute("role", "status");
  field.after(line);
  const update = () => {
    const count = measure(field);
    const over = count > limit;
    // Said when the end comes near, so that it disturbs nobody before.
    line.hidden = count < limit * 0.8;
    line.classList.toggle("over", over);
    const text = over ? `${many(count - limit, unit)} too many. The limit is ${many(limit, unit)}.` : `${many(limit - count, unit)} left.`;
    // Spoken only when it changes sides.
    line.setAttribute("aria-live", over === (line.dataset.over === "yes") ? "off" : "polite");
    line.dataset.over = over ? "yes" : "no";
    line.textContent = line.hidden ? "" : text;
  };
  field.addEventListener("input", update);
  update();
}

const begin = () => document.querySelectorAll("[data-limit], [data-limit-bytes]").forEach(watch);
begin();
// Another script replaced the page.
document.addEventListener("redrawn", begin);
