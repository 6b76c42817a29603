// Sound check before the call: hear a sentence, see the microphone's level. Nothing is sent.
import { Recorder, reasonOf } from "./parts/recorder.js";

const SECONDS = 5;
const check = document.querySelector("[data-sound-check]");
const status = check.querySelector("[role=status]");
const bar = check.querySelector(".got");
const scale = check.querySelector(".level");
const say = (name) => (status.textContent = check.dataset[name]);

check.querySelector("[data-play]").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  status.textContent = "";
  const audio = new Audio(check.dataset.sound);
  audio.addEventListener("ended", () => (button.disabled = false));
  audio.addEventListener("error", () => {
    button.disabled = false;
    say("noSound");
  });
  await audio.play().catch(() => {});
});

check.querySelector("[data-mic]").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  if (!Recorder.isPossible) return say("missing");
  const recorder = new Recorder();
  button.disabled = true;
  status.textContent = "";
  try {
    await recorder.open();
    scale.removeAttribute("hidden");
  } catch (error) {
    button.disabled = false;
    return say(reasonOf(error));
  }
  const until = performance.now() + SECONDS * 1000;
  const measure = () => {
    bar.setAttribute("width", String(recorder.level() * 100));
    if (performance.now() < until) return requestAnimationFrame(measure);
    scale.setAttribute("hidden", "");
    button.disabled = false;
    say(recorder.heardSomething ? "heard" : "silent");
    recorder.close();
    return undefined;
  };
  measure();
});
