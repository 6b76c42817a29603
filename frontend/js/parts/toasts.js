// Messages go after a while, but never while somebody reads them: pointer over or focus inside holds them.
const READING = 8000;

document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest(".toast")?.remove();
});

for (const toast of document.querySelectorAll(".toasts .toast:not(.error)")) leaveLater(toast);

function leaveLater(toast) {
  let timer = setTimeout(() => toast.remove(), READING);
  for (const stay of ["pointerenter", "focusin"]) toast.addEventListener(stay, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) {
    toast.addEventListener(go, () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), READING);
    });
  }
}
