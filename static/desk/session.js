// Notices that the session has ended while somebody is typing, and says so. Asks when the page is come back to and, at
// most every other minute, while something is typed; never on its own.
import { element } from "./dom.js";
import { guarded } from "./guard.js";
import { tell } from "./notice.js";

const CHECK = "/admin/session-check";
const COMING = 5_000;
const TYPING = 120_000;
let asked = Date.now();
let out = false;

export function signedOut(before = "") {
  out = true;
  const link = element("a", { href: "/admin/sign-in", target: "_blank" }, "Sign in again");
  const start = element("strong", {}, `${before} You have been signed out.`.trim());
  tell("warning", start, " What you typed is still here. ", link, " in a new tab, then come back and save.");
}

function signedIn() {
  if (!out) return;
  out = false;
  tell("done", "You are signed in again. Save what you typed.");
}

async function check(pause) {
  if (Date.now() - asked < pause) return;
  asked = Date.now();
  try {
    const response = await fetch(CHECK, { redirect: "manual", cache: "no-store" });
    if (response.status === 204) signedIn();
    else if (response.type === "opaqueredirect" || response.status === 401) signedOut();
  } catch { /* away from the network: saving will say so */ }
}

if (guarded.length) {
  addEventListener("focus", () => check(out ? 0 : COMING));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check(out ? 0 : COMING));
  for (const form of guarded) form.addEventListener("input", () => check(TYPING));
}
