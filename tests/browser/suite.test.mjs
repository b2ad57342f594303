// The whole suite in its order: what a visitor does, what the first administrator does, and how every screen fares.
import './visitor.mjs';
import './administrator.mjs';
import './forms.mjs';
import './publishing.mjs';
import './editor.mjs';
import './media.mjs';
import './lists.mjs';
import './tree.mjs';
import './palette.mjs';
import './messages.mjs';
import './views.mjs';
import './menus.mjs';
import './side_panel.mjs';
import './preview.mjs';
import './checks.mjs';
import './types.mjs';
import './screens.mjs';
