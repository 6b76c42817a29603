// The server sets the theme from a cookie; here it also changes at once, without a new page.
import { post } from "./csrf.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-theme-form]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  show(form, button.value);
  const answer = await post(form.action, { theme: button.value, next: location.pathname + location.search }).catch(() => null);
  if (!answer?.ok) form.submit();
});

function show(form, theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === theme));
}
