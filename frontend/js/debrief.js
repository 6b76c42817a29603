// The debrief: play any line again, change the method without another click, move between turns by keys.
const player = new Audio();
const status = document.querySelector("[data-sound-status]");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-sound]");
  if (!button) return;
  status.textContent = "";
  player.src = button.dataset.sound;
  await player.play().catch((error) => {
    if (error.name !== "AbortError") status.textContent = button.dataset.failed;
  });
});

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});

const turns = [...document.querySelectorAll(".turn.agent[id]")];

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.code === "KeyE") document.activeElement?.closest(".turn")?.querySelector("form button")?.focus();
  const step = { KeyJ: 1, KeyK: -1 }[event.code];
  if (!step || !turns.length) return;
  const top = 8;
  const here = turns.findIndex((turn) => turn.getBoundingClientRect().top >= top - 1);
  const at = here < 0 ? turns.length : here;
  const next = turns[Math.min(turns.length - 1, Math.max(0, at + (step > 0 ? (turns[at]?.getBoundingClientRect().top > top + 4 ? 0 : 1) : -1)))];
  next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
});
