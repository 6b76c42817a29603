// The call: hears the customer, takes the trainee's reply by voice or text, and never loses it.
import { Customer } from "./parts/customer.js";
import { Recorder, reasonOf } from "./parts/recorder.js";
import { csrfToken } from "./parts/csrf.js";

const TAP = 350; // ms; a shorter press means "press to start, press to stop"
const LONGEST = 110; // seconds of one recording; the server takes 120

const call = document.querySelector("[data-call]");
const find = (selector) => document.querySelector(selector);
const id = call.dataset.call;
const recorder = new Recorder();
const customer = new Customer(customerIsDone, (what) => {
  if (!find("#dock [data-notice]")?.textContent) notice(call.dataset[what === "no-sound" ? "sayNoSound" : "sayPressPlay"]);
});

let byVoice = call.dataset.channel === "voice" && Recorder.isPossible;
let isPaused = false;
let isSending = false;
let press = null; // { at, sticky } while recording
let unsent = null; // what could not be sent, to send again with the same key
let waiting = null; // asked for while something else was under way
let silence = null;

// ---- what is on the page ----

function notice(text, again = false) {
  const place = find("#dock [data-notice]");
  if (!place) return;
  place.textContent = text;
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn small";
  button.textContent = find("#dock .primary").textContent;
  button.addEventListener("click", () => unsent && send(unsent));
  place.append(" ", button);
}

function showChannel() {
  const dock = find("#dock");
  const voice = dock.querySelector("[data-voice-row]");
  if (!voice) return;
  voice.hidden = !byVoice;
  dock.querySelector("[data-text-row]").hidden = byVoice;
  dock.querySelector("[data-text-row] [data-replay]").hidden = false;
  dock.querySelector("[data-speak]").hidden = !Recorder.isPossible;
}

/** Puts each part of the answer in the place of the one with the same id; the focus stays where one worked. */
function swap(html) {
  const held = document.activeElement?.closest("#dock") ? document.activeElement : null;
  const parts = new DOMParser().parseFromString(html, "text/html").body.children;
  for (const part of [...parts]) document.getElementById(part.id)?.replaceWith(document.importNode(part, true));
  find(".past-and-now").scrollTop = 0;
  begin();
  const who = find("#talk .voice .who").firstChild.textContent.trim();
  find("[data-said]").textContent = `${who} ${find("[data-caption]").textContent}`;
  if (find("#talk").dataset.ended) find(".the-end a").focus();
  else if (held) find(byVoice ? "[data-ptt]" : "#reply").focus();
}

function begin() {
  const talk = find("#talk");
  showChannel();
  restoreDraft();
  const ended = Boolean(talk.dataset.ended);
  find("[data-hang-up]").hidden = ended;
  find("[data-pause]").hidden = ended;
  call.toggleAttribute("data-over", ended);
  if (ended) recorder.close();
  customer.say(talk);
}

// ---- sending ----

async function send(reply) {
  if (isSending) {
    waiting = reply.waits ? reply : waiting;
    return;
  }
  isSending = true;
  stopSilence();
  busy(true);
  const body = new FormData();
  for (const [name, value] of Object.entries(reply.fields)) body.append(name, value);
  try {
    const answer = await fetch(reply.to, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    });
    const html = await answer.text();
    if (answer.redirected) {
      loadAgain("sayLoaded"); // logged out meanwhile: log in, come back, and the draft is still there
    } else if (answer.ok) {
      unsent = null;
      if (reply.clearsDraft) sessionStorage.removeItem(`draft-${id}`);
      swap(html);
    } else {
      refuse(html, answer.status, reply);
    }
  } catch {
    unsent = reply;
    notice(call.dataset.sayNetwork, true);
  } finally {
    isSending = false;
    busy(false);
  }
  const next = waiting;
  waiting = null;
  if (next && !find("#talk").dataset.ended) await send(next);
}

/** The page is loaded again and then says why; the draft is kept. */
function loadAgain(why) {
  sessionStorage.setItem(`why-${id}`, why);
  location.reload();
}

/** The server said what is wrong. Another window may have gone on (409), or the log-in is over (400: its token is). */
function refuse(html, status, reply) {
  if (status === 409 || status === 400) return loadAgain(status === 409 ? "sayElsewhere" : "sayLoaded");
  const note = new DOMParser().parseFromString(html, "text/html").querySelector(".note p");
  notice(note?.textContent.trim() ?? call.dataset.sayNetwork, status >= 500);
  unsent = status >= 500 ? reply : null;
  // A refused recording will be refused again: the next one needs a key of its own.
  if (status < 500) find("#dock [name=key]").value = crypto.randomUUID();
  startSilence();
}

function busy(is) {
  const button = find("[data-ptt]");
  if (!button) return;
  button.setAttribute("aria-disabled", is); // not `disabled`, which would take the focus away
  const label = button.querySelector("[data-ptt-label]");
  label.textContent = is ? label.dataset.sending : label.dataset.ready;
  find("[data-text-row] .primary").setAttribute("aria-disabled", is);
}

function turnFields() {
  const row = find("[data-text-row]");
  return { key: row.elements.key.value, seq: row.elements.seq.value };
}

// ---- speaking ----

async function startTalking(sticky = false) {
  if (!byVoice || press || isSending || isPaused || !find("[data-ptt]")) return;
  press = { at: performance.now(), sticky };
  notice("");
  customer.hush();
  stopSilence();
  try {
    await recorder.open();
  } catch (error) {
    press = null;
    return toText(call.dataset[reasonOf(error) === "refused" ? "sayRefused" : "sayMissing"]);
  }
  if (!press) return notice(call.dataset.sayReady); // let go while the browser asked
  recorder.start();
  find("[data-ptt]").setAttribute("aria-pressed", "true");
  sayHowToSend();
  press.meter = setInterval(() => recorder.level(), 100);
  press.limit = setTimeout(stopTalking, LONGEST * 1000);
}

async function stopTalking() {
  if (!press) return;
  const { meter, limit } = press;
  press = null;
  clearInterval(meter);
  clearTimeout(limit);
  const button = find("[data-ptt]");
  if (button.getAttribute("aria-pressed") !== "true") return;
  button.setAttribute("aria-pressed", "false");
  const audio = await recorder.stop();
  if (!recorder.heardSomething) {
    notice(call.dataset.saySilent);
    return startSilence();
  }
  send({ to: call.dataset.turns, fields: { ...turnFields(), audio } });
}

function toText(reason) {
  byVoice = false;
  showChannel();
  if (reason) notice(reason);
  find("#reply")?.focus();
}

function toVoice() {
  byVoice = true;
  notice("");
  showChannel();
  find("[data-ptt]").focus();
}

document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest("[data-ptt]") || event.button) return;
  if (press?.sticky) return stopTalking();
  startTalking();
});
for (const over of ["pointerup", "pointercancel"]) {
  document.addEventListener(over, () => {
    letGo();
  });
}

/** A short press starts and the next one stops; a long one stops when it is over. */
function letGo() {
  if (!press || press.sticky) return;
  if (performance.now() - press.at >= TAP) return void stopTalking();
  press.sticky = true;
  sayHowToSend();
}

function sayHowToSend() {
  const label = find("[data-on-label]");
  label.textContent = press.sticky ? label.dataset.pressed : label.dataset.hold;
}

// Enter, and the click of a screen reader, come without a pointer.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-ptt]") || event.detail) return;
  if (press) stopTalking();
  else startTalking(true);
});
addEventListener("blur", () => press && !press.sticky && stopTalking());

// ---- typing ----

function saveDraft() {
  const field = find("#reply");
  if (field) sessionStorage.setItem(`draft-${id}`, field.value);
}

function restoreDraft() {
  const field = find("#reply");
  if (field && !field.value) field.value = sessionStorage.getItem(`draft-${id}`) ?? "";
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "reply") return;
  saveDraft();
  startSilence(); // whoever types is there
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-text-row]")) {
    event.preventDefault();
    customer.hush();
    if (isPaused) pause();
    const text = event.target.elements.text.value;
    if (text.trim()) send({ to: call.dataset.turns, fields: { ...turnFields(), text }, clearsDraft: true });
  } else if (event.target.matches("[data-hang-up]") && !find("#talk").dataset.ended) {
    event.preventDefault();
    find("[data-confirm-end]").showModal();
  }
});

document.addEventListener("keydown", (event) => {
  const isReply = event.target.id === "reply";
  if (isReply && event.code === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

// ---- ending, pausing, time ----

document.addEventListener("click", (event) => {
  const target = event.target.closest("button");
  if (!target) return;
  if (target.matches("[data-replay]")) customer.say(find("#talk"));
  else if (target.matches("[data-text]")) toText("");
  else if (target.matches("[data-speak]")) toVoice();
  else if (target.matches("[data-pause]")) pause();
  else if (target.closest("[data-confirm-end]")) {
    find("[data-confirm-end]").close();
    if (target.value === "end") send({ to: find("[data-hang-up]").action, fields: { key: "hang-up" }, waits: true });
  }
});

function pause() {
  isPaused = !isPaused;
  call.toggleAttribute("data-paused", isPaused);
  const label = find("[data-pause] .txt");
  const other = find("[data-pause]").dataset.resumeLabel;
  find("[data-pause]").dataset.resumeLabel = label.textContent;
  label.textContent = other;
  find("[data-pause]").setAttribute("aria-label", other);
  if (isPaused) customer.hush();
  notice(isPaused ? call.dataset.sayPaused : "");
  if (isPaused) stopSilence();
  else startSilence();
}

function customerIsDone() {
  startSilence();
}

function startSilence() {
  stopSilence();
  if (isPaused || find("#talk").dataset.ended) return;
  silence = setTimeout(() => {
    if (document.hidden || press || isSending || customer.isSpeaking || find("#reply")?.value.trim()) return startSilence();
    const { seq } = find("#talk").dataset;
    send({ to: call.dataset.silence, fields: { key: `silence-${seq}`, seq } });
  }, Number(call.dataset.silenceAfter) * 1000);
}

function stopSilence() {
  clearTimeout(silence);
}

const ahead = Date.now() / 1000 - Number(call.dataset.now); // this clock against the server's
let timedOut = false;

function tick() {
  if (find("#talk").dataset.ended) return;
  const seconds = Math.max(0, Math.floor(Date.now() / 1000 - ahead - Number(call.dataset.started)));
  const shown = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  for (const timer of document.querySelectorAll("[data-timer]")) timer.textContent = shown;
}
setInterval(tick, 1000);
setInterval(() => {
  const talked = find("#talk").dataset.ended || isPaused || document.hidden || timedOut;
  if (talked || Date.now() / 1000 - loaded < Number(call.dataset.limitSeconds)) return;
  timedOut = true;
  send({ to: call.dataset.timeOut, fields: { key: "time-out" } });
}, 5000);
const loaded = Date.now() / 1000;

// ---- notes and keys ----

const notes = find("[data-notes]");
notes.value = localStorage.getItem(`notes-${id}`) ?? "";
notes.addEventListener("input", () => localStorage.setItem(`notes-${id}`, notes.value));

const inField = (target) => target.closest("input, textarea, select, a, summary, dialog, button:not([data-ptt])");

document.addEventListener("keydown", (event) => {
  if (event.code === "Escape" && inField(event.target)) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
  const act = {
    Space: () => !event.repeat && (press?.sticky ? stopTalking() : startTalking()),
    KeyR: () => customer.say(find("#talk")),
    KeyT: () => toText(""),
    KeyP: () => pause(),
    KeyM: () => call.toggleAttribute("data-hide-mood"),
    Slash: () => event.shiftKey && find("[data-keys]").showModal(),
  }[event.code];
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("keyup", (event) => {
  if (event.code !== "Space" || inField(event.target)) return;
  if (event.target.closest("[data-ptt]")) event.preventDefault(); // or the release would count as a click as well
  letGo();
});

begin();
tick();
const why = sessionStorage.getItem(`why-${id}`);
if (why) {
  sessionStorage.removeItem(`why-${id}`);
  notice(call.dataset[why]);
}
