// htmx, with our CSRF token on every request that can change something.
import htmx from "htmx.org";
import { csrfToken } from "./csrf.js";

window.htmx = htmx;

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
});
