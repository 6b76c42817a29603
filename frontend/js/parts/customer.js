// The customer's voice: plays a turn's sound and lets the caption follow it. The words are always on the page.
export class Customer {
  #audio = new Audio();
  #talk = null;
  #onDone;
  #onTrouble;
  #isTold = false; // trouble is told once, not at each turn

  /** `onDone` after the words were heard or could not be; `onTrouble("no-sound" | "press-play")`. */
  constructor(onDone, onTrouble) {
    this.#onDone = onDone;
    this.#onTrouble = onTrouble;
    this.#audio.addEventListener("timeupdate", () => this.#follow());
    this.#audio.addEventListener("ended", () => this.#finish());
    this.#audio.addEventListener("error", () => this.#fail("no-sound"));
  }

  get isSpeaking() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  /** Says the turn that stands in #talk. */
  async say(talk) {
    this.#talk = talk;
    this.#clauses().forEach((clause) => clause.classList.add("yet"));
    this.#audio.src = talk.dataset.sound;
    try {
      await this.#audio.play();
      this.#isTold = false;
      this.#note("speaking");
    } catch (error) {
      if (error.name === "NotAllowedError") this.#fail("press-play");
      else if (error.name !== "AbortError") this.#fail("no-sound");
    }
  }

  hush() {
    this.#audio.pause();
    this.#finish(false);
  }

  #clauses() {
    return [...this.#talk.querySelectorAll("[data-caption] .clauses > span, [data-caption]:not(:has(.clauses))")];
  }

  #follow() {
    const { currentTime, duration } = this.#audio;
    if (!duration || this.#audio.paused) return; // one more of these events comes after a pause
    const clauses = this.#clauses();
    const total = clauses.reduce((sum, clause) => sum + clause.textContent.length, 0);
    let reached = (currentTime / duration) * total;
    for (const clause of clauses) {
      clause.classList.toggle("yet", reached <= 0);
      reached -= clause.textContent.length;
    }
  }

  #finish(tell = true) {
    if (!this.#talk) return;
    this.#clauses().forEach((clause) => clause.classList.remove("yet"));
    this.#note("done");
    if (tell) this.#onDone();
  }

  #fail(what) {
    if (!this.#talk) return;
    this.#finish(false);
    if (!this.#isTold) this.#onTrouble(what);
    this.#isTold = true;
    this.#onDone();
  }

  #note(state) {
    const note = this.#talk.querySelector("[data-speaking-note]");
    note.textContent = note.dataset[state] ?? "";
    this.#talk.querySelector(".voice .levels").toggleAttribute("hidden", state !== "speaking");
  }
}
