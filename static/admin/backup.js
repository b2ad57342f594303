// Follows a backup that is being made: shows how far it is, and the screen as it is then when it is finished.
import { one } from "./dom.js";
import { guarded, isDirty } from "./guard.js";

const EVERY = 2000;
const state = () => one("[data-backup-work]");

async function follow() {
  try {
    const response = await fetch("/admin/backup", { signal: AbortSignal.timeout(30_000) });
    if (response.ok && !response.redirected) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const now = page.querySelector("[data-backup-work]");
      if (now) state().replaceChildren(...now.childNodes);
      // What is chosen in the form and not saved is not lost: the link leads on.
      else if (!guarded.some(isDirty)) return location.reload();
      else return state().replaceChildren(...state().querySelectorAll("p"));
    }
  } catch { /* the next time, perhaps */ }
  setTimeout(follow, EVERY);
}

if (state()) setTimeout(follow, EVERY);
