// Comfort in the admin area. Every part improves what data attributes name and leaves alone what is not there; everything can
// be done without it.
import "./editor_mark.js";
import "./side_panel.js";
import "./errors.js";
import "./choice.js";
import "./dialog.js";
import "./order.js";
import "./guard.js";
import "./send.js";
import "./sheet.js";
import "./copies.js";
import "./draft.js";
import "./presence.js";
import "./comment.js";
import "./position.js";
import "./session.js";
import "./shortcuts.js";
import "./preview.js";
import "./checks.js";
import "./textarea.js";
import "./file_text.js";
import "./slug.js";
import "./clipboard.js";
import "./media.js";
