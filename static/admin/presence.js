// Says that the form of a document is open, and shows who else has it open.
import { one, post } from "./dom.js";
import { announce } from "./notice.js";

const line = () => one("[data-presence]");
const EVERY = 15_000;

async function tellOpen() {
  try {
    const response = await post(line().dataset.presence, new URLSearchParams(), { signal: AbortSignal.timeout(EVERY) });
    if (!response.ok) return;
    const { others } = await response.json();
    if (line().textContent === others) return;
    line().textContent = others;
    announce(others || "Nobody else has this open any more.");
  } catch { /* the next time, perhaps */ }
}

if (line()) {
  tellOpen();
  setInterval(tellOpen, EVERY);
  addEventListener("pagehide", () => navigator.sendBeacon(line().dataset.presence, new URLSearchParams({ do: "leave" })));
  addEventListener("pageshow", (event) => event.persisted && tellOpen());
}
