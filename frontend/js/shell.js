// What every page has: htmx, menus that close, the theme without a reload, messages that can be put away.
// Everything here also works without it; see templates/base.html.
import "./parts/request.js";
import "./parts/menus.js";
import "./parts/theme.js";
import "./parts/toasts.js";
