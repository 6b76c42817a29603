// The microphone: one permission, one recording at a time, and how loud it is.
const FORMATS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const AUDIBLE = 0.012; // root mean square; a quiet voice at arm's length is above it

/** Why the browser gave no microphone, as one of: refused, missing. */
export function reasonOf(error) {
  return ["NotAllowedError", "SecurityError"].includes(error.name) ? "refused" : "missing";
}

export class Recorder {
  #stream = null;
  #recorder = null;
  #chunks = [];
  #context = null;
  #meter = null;
  #loudest = 0;

  static get isPossible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
  }

  /** Opens the microphone; throws what the browser says when it does not. */
  async open() {
    if (this.#stream?.active) return;
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    this.#context = new AudioContext();
    this.#context.resume();
    this.#meter = this.#context.createAnalyser();
    this.#meter.fftSize = 1024;
    this.#context.createMediaStreamSource(this.#stream).connect(this.#meter);
  }

  /** 0..1, for a level bar. */
  level() {
    if (!this.#meter) return 0;
    const samples = new Float32Array(this.#meter.fftSize);
    this.#meter.getFloatTimeDomainData(samples);
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    this.#loudest = Math.max(this.#loudest, loudness);
    return Math.min(1, loudness * 6);
  }

  /** Whether anything above silence was measured since `start`; true as well when nothing could be measured. */
  get heardSomething() {
    return this.#loudest > AUDIBLE || this.#context?.state !== "running";
  }

  start() {
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    this.#chunks = [];
    this.#loudest = 0;
    this.#recorder = new MediaRecorder(this.#stream, { mimeType, audioBitsPerSecond: 32000 });
    this.#recorder.addEventListener("dataavailable", (event) => this.#chunks.push(event.data));
    this.#recorder.start(250);
  }

  /** Resolves to the recording. */
  stop() {
    const recorder = this.#recorder;
    return new Promise((resolve) => {
      recorder.addEventListener("stop", () => resolve(new Blob(this.#chunks, { type: recorder.mimeType })), { once: true });
      recorder.stop();
    });
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#context?.close();
    this.#context = null;
    this.#meter = null;
  }
}
