"""The parts of a voice turn for one trainee, and the whole of it through the API."""

from __future__ import annotations

import http.client
import io
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Line, Skipped, at_most, interleaved, medians, step
from benchmarks.servers import Server, coach_folder, run_coach, serving, wait_until_quiet
from coach.config import read_config
from coach.speech.audio import RATE, Samples, from_wav, wav_seconds
from coach.speech.decoding import decode
from coach.speech.engines import describe, open_listener, open_voice
from coach.speech.sniffing import container_of

THREADS = 2
SCENARIO = "refund-12-days"
MOST_SECONDS = 1.5
AT_ONCE = 0.25  # seconds
VOICES = {"zh": "zf_xiaoxiao", "en": "am_michael"}
REPLIES = {
    "zh": "您好，让您等了十二天，真的很抱歉。退款卡在了我们的系统里，我现在就给您转成加急，明天下午我给您回电话。",
    "en": "I am so sorry you have waited twelve days. The refund got stuck on our side, "
    "so I am marking it as urgent now and will call you tomorrow.",
}
LINES = {
    "zh": "你们每次都说在处理，这都第三个电话了，钱到底在哪儿？",
    "en": "You told me it was being dealt with, and this is my third call. Where is my money?",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply as a browser would send it, and what the engines see of it."""

    recording: bytes  # webm with opus
    samples: Samples
    seconds: float


def missing_speech() -> str:
    """What is not installed of the engines in use, in words; "" when all is there."""
    config = read_config()
    used = (config.voice_engine.split(",")[0].strip(), config.listen_engine)
    return "; ".join(one.missing for one in describe(config.var / "models") if one.name in used and one.missing)


def run(rounds: int) -> list[Line]:
    """One round less than was asked for: each takes half a minute, and people speak no faster for it."""
    rounds = max(1, rounds - 1)
    if reason := missing_speech():
        raise Skipped(f"the speech engines are not complete ({reason}); `make setup` installs them.")
    with tempfile.TemporaryDirectory(prefix="coach-bench-") as folder:
        replies, lines = _parts(Path(folder), rounds)
    return [*lines, *_through_the_api(replies, rounds)]


# ---- parts ----


def _parts(folder: Path, rounds: int) -> tuple[dict[str, Spoken], list[Line]]:
    models = read_config().var / "models"
    voice = open_voice(folder / "sound", models, engines=["kokoro"], threads=THREADS)
    listener = open_listener(models, threads=THREADS)
    try:
        with step("loading both engines, and the bare models beside them"):
            voice.warm_up()
            listener.warm_up()
            bare_ear, bare_voice = _BareEar(models), _BareVoice(models)
        replies, lines = {}, []
        for language in ("zh", "en"):
            with step(f"{language}: a reply heard and a line spoken, {rounds} rounds"):
                reply = replies[language] = _spoken(voice.say(REPLIES[language], language, VOICES[language]))
                lines += _hearing(language, reply, listener, bare_ear, rounds)
                lines += _speaking(language, voice, bare_voice, rounds)
        return replies, lines
    finally:
        voice.close()
        listener.close()


def _hearing(language: str, reply: Spoken, listener: Any, bare: _BareEar, rounds: int) -> list[Line]:
    container = container_of(reply.recording)
    listener.listen(reply.recording, language), bare.listen(reply.samples, language)
    took = medians(
        interleaved(
            rounds,
            {
                "decode": _timed(lambda: decode(reply.recording, container)),
                "ours": _timed(lambda: listener.listen(reply.recording, language)),
                "bare": _timed(lambda: bare.listen(reply.samples, language)),
            },
        )
    )
    name = f"{language}: {reply.seconds:.1f} s reply"
    return [
        Line(f"{name}, decoding", 1e3 * took["decode"], "ms"),
        Line(f"{name}, recording to words", took["ours"], "s", took["bare"], "s, bare faster-whisper"),
    ]


def _speaking(language: str, voice: Any, bare: _BareVoice, rounds: int) -> list[Line]:
    text, name = LINES[language], VOICES[language]
    wav = voice.say(text, language, name)
    bare.prepare(text, name)
    # another speed each time, so that the line is not found in the cache
    speeds = iter(0.96 + 0.001 * number for number in range(1000))
    took = medians(
        interleaved(
            rounds,
            {
                "new": _timed(lambda: voice.say(text, language, name, speed=next(speeds))),
                "bare": _timed(bare.run),
                "kept": _timed(lambda: voice.say(text, language, name)),
            },
        )
    )
    what = f"{language}: {wav_seconds(wav):.1f} s line"
    return [
        Line(f"{what}, rendering", took["new"], "s", took["bare"], "s, bare onnxruntime"),
        Line(f"{what}, from the cache", 1e3 * took["kept"], "ms"),
    ]


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return once


class _BareEar:
    """faster-whisper as its documentation calls it, on the same model."""

    def __init__(self, models: Path) -> None:
        from faster_whisper import WhisperModel

        folder = str(models / "whisper-base-int8")
        self._model: Any = WhisperModel(folder, compute_type="int8", cpu_threads=THREADS, local_files_only=True)

    def listen(self, samples: Samples, language: str) -> str:
        segments, _ = self._model.transcribe(samples, language=language, beam_size=5)
        return "".join(segment.text for segment in segments)


class _BareVoice:
    """The model alone: the numbers that a line becomes are worked out before the clock runs."""

    def __init__(self, models: Path) -> None:
        from coach.speech import phonemes
        from coach.speech.speakers.kokoro import Kokoro

        phonemes.use_cache(models / "jieba")
        self._kokoro = Kokoro(models, THREADS)
        self._session_run = self._kokoro._run
        self._feeds: list[Any] = []
        self._kokoro._run = self._remember

    def _remember(self, outputs: Any, feed: Any) -> Any:
        self._feeds.append(feed)
        return self._session_run(outputs, feed)

    def prepare(self, text: str, voice: str) -> None:
        self._feeds.clear()
        self._kokoro.say(text, voice, 1.0)

    def run(self) -> None:
        for feed in self._feeds:
            self._session_run(None, feed)


def _spoken(wav: bytes) -> Spoken:
    samples, _ = from_wav(wav)
    recording = _as_webm(samples)
    return Spoken(recording, decode(recording, container_of(recording)), len(samples) / RATE)


def _as_webm(samples: Samples) -> bytes:
    """As browsers record: Opus in a webm."""
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="webm") as file:
        stream: Any = file.add_stream("libopus", rate=48_000, layout="mono")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
        whole = np.ascontiguousarray(samples[None, :] * 32767, np.float32).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole, "s16", "mono")
        frame.sample_rate = RATE
        for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
            if piece is not None:
                piece.pts = None
            file.mux(stream.encode(piece))
    return out.getvalue()


# ---- the whole turn ----


def _through_the_api(replies: dict[str, Spoken], rounds: int) -> list[Line]:
    with coach_folder(models=True) as settings:
        token = run_coach(settings, "token", "create", "trainee@example.com").splitlines()[-1]
        with serving(settings) as server:
            with step("the server loads its models; a first turn is not counted"):
                wait_until_quiet(server, workers=2)
                _turns(server, token, "zh", replies["zh"], 1)
            lines: list[Line] = []
            for language, reply in replies.items():
                with step(f"{language}: {rounds} spoken turns through the API, at the speed of speaking"):
                    lines += _turns(server, token, language, reply, rounds)
            return lines


def _turns(server: Server, token: str, language: str, reply: Spoken, rounds: int) -> list[Line]:
    """Each turn waits as long as it is spoken: meanwhile the customer's next lines are rendered."""
    answered, heard = [], []
    for _ in range(rounds):
        caller = _VoiceCaller(server.port, token)
        path = caller.start(language)
        time.sleep(reply.seconds)
        began = time.perf_counter()
        sound = caller.speak(path, reply.recording)
        answered.append(time.perf_counter() - began)
        caller.get(sound)
        heard.append(time.perf_counter() - began)
        caller.close()
    whole = statistics.median(heard)
    name = f"{language}: end of {reply.seconds:.0f} s speech to"
    goal = at_most(MOST_SECONDS, whole, "s")
    return [
        Line(f"{name} answer in words", statistics.median(answered), "s"),
        Line(f"{name} first sound ready", whole, "s", None, "", *goal),
        Line(f"{name} first sound, slowest of {rounds}", max(heard), "s"),
        Line(f"{language}: sounds of {rounds} that were ready when asked for", _ready(answered, heard), ""),
    ]


def _ready(answered: list[float], heard: list[float]) -> int:
    """How many came at once, since they had been rendered ahead."""
    return sum(whole - words < AT_ONCE for words, whole in zip(answered, heard, strict=True))


class _VoiceCaller:
    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}"}

    def start(self, language: str) -> str:
        asked = {"scenario": SCENARIO, "language": "zh-Hans" if language == "zh" else "en", "channel": "voice"}
        answer = self._ask("POST", "/api/v1/rehearsals", json.dumps(asked).encode(), "application/json")
        return f"/api/v1/rehearsals/{json.loads(answer)['id']}/turns"

    def speak(self, path: str, recording: bytes) -> str:
        """The address of the customer's answer as sound."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="audio"; filename="r.webm"\r\n\r\n'
        body = head.encode() + recording + f"\r\n--{edge}--\r\n".encode()
        answer = self._ask("POST", path, body, f"multipart/form-data; boundary={edge}", uuid.uuid4().hex)
        return str(json.loads(answer)["customer"]["audio_url"])

    def get(self, path: str) -> bytes:
        return self._ask("GET", path)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "", key: str = "") -> bytes:
        headers = self._headers | ({"Content-Type": kind} if kind else {}) | ({"Idempotency-Key": key} if key else {})
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise Skipped(f"{method} {path} was answered {answer.status}: {content[:150].decode(errors='replace')}")
        return content
