// htmx, with our CSRF token on every request that can change something.
import htmx from "htmx.org";

window.htmx = htmx;

/** The token that POST requests must carry, as `X-CSRFToken` or as the field `csrf_token`. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** POST a form's fields as the browser would, and say nothing on the page. Resolves to the response. */
export function post(address, fields) {
  return fetch(address, {
    method: "POST",
    credentials: "same-origin",
    headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" },
    body: new URLSearchParams(fields),
  });
}

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
});
