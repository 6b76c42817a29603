// Our CSRF token, for requests that can change something.
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
