"""Measures the speech of this machine: `python tools/measure_speech.py MODELS [--recordings MANIFEST.tsv]`.

Prints one JSON object: seconds to render, seconds to transcribe, error rates of the round trip (spoken by us, then
written down by us), memory of each worker. The manifest has the columns file, lang, reference.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.errors import NothingHeard
from coach.practice.ports import Heard
from coach.speech.audio import join_wavs, wav_seconds
from coach.speech.chinese_text import readable
from coach.speech.engines import open_listener, open_voice
from coach.speech.english_text import readable as readable_en
from coach.speech.listening import WorkingListener
from coach.speech.speaking import SpokenVoice

ANGRY = {
    "zh": (
        ("zf_xiaoyi", "我已经打了三次电话，每次都说会有人联系我，结果一个人都没有。"),
        ("zm_yunjian", "你们到底什么意思，钱扣了，货到现在还没有发出来。"),
        ("zf_xiaoxiao", "别跟我说系统问题，我就想知道今天能不能解决。"),
        ("zm_yunxi", "等了十二天，你们连一个道歉都没有，太过分了。"),
        ("zf_xiaobei", "我不要优惠券，我要退款，马上叫你们主管来接电话。"),
        ("zm_yunyang", "我妈妈的药还在冰箱里，停电六个小时，谁来负责。"),
    ),
    "en": (
        ("am_michael", "I have called four times and nobody has ever called me back."),
        ("af_heart", "You took the money out of my account and the order never arrived."),
        ("bf_emma", "Do not tell me it is the system. I want to know what you will do today."),
        ("bm_george", "I waited at home all day and your engineer did not even turn up."),
        ("af_bella", "I do not want a voucher. I want my refund, and I want your supervisor."),
        ("am_fenrir", "My mother's medicine is in that fridge and the power has been off for six hours."),
    ),
}
FIVE_SECONDS = {
    "zh": ("zf_xiaoxiao", "我等了十二天，打了四次电话，到现在连一个说法都没有。"),
    "en": ("af_heart", "I have waited for twelve days, called four times, and still nobody can tell me why."),
}


def main() -> None:
    """Runs all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path)
    parser.add_argument("--recordings", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        voice, listener = open_voice(Path(cache), options.models), open_listener(options.models)
        try:
            report = _measure(voice, listener, options.recordings)
        finally:
            voice.close()
            listener.close()
    print(json.dumps(report, ensure_ascii=False, indent=1))


def _measure(voice: SpokenVoice, listener: WorkingListener, recordings: Path | None) -> dict[str, Any]:
    starts = {"speaking": _timed(voice.warm_up)[1], "listening": _timed(listener.warm_up)[1]}
    for language, (name, text) in FIVE_SECONDS.items():
        voice.say(
            "好的。" if language == "zh" else "All right.", language, name
        )  # dictionaries load with the first line
        listener.listen(voice.say(text, language, name, speed=0.9), language)
    return {
        "start_seconds": starts,
        "render": {language: _render(voice, language) for language in FIVE_SECONDS},
        "round_trip": {language: _round_trip(voice, listener, language) for language in ANGRY},
        "reply_of_eight_seconds": {language: _reply(voice, listener, language) for language in ANGRY},
        "recordings": _recordings(listener, recordings) if recordings else None,
        "memory_mb": _memory(voice, listener),
    }


def _render(voice: SpokenVoice, language: str) -> dict[str, float]:
    name, text = FIVE_SECONDS[language]
    runs = [_timed(lambda step=step: voice.say(text, language, name, speed=1 + step / 1000)) for step in range(5)]
    return {
        "audio_seconds": round(wav_seconds(runs[0][0]), 2),
        "seconds_median": round(statistics.median(seconds for _, seconds in runs), 2),
        "cached_ms": round(1000 * _timed(lambda: voice.say(text, language, name))[1], 2),
    }


def _reply(voice: SpokenVoice, listener: WorkingListener, language: str) -> dict[str, float]:
    wav = join_wavs([voice.say(text, language, name, speed=1.0) for name, text in ANGRY[language][:2]], 0.3)
    seconds = [_timed(lambda: listener.listen(wav, language))[1] for _ in range(5)]
    return {"audio_seconds": round(wav_seconds(wav), 2), "seconds_median": round(statistics.median(seconds), 2)}


def _round_trip(voice: SpokenVoice, listener: WorkingListener, language: str) -> dict[str, Any]:
    lines = []
    for name, text in ANGRY[language]:
        wav = voice.say(text, language, name, speed=1.14, gain=1.12)
        heard, seconds = _timed(lambda wav=wav: listener.listen(wav, language))
        lines.append(_line(heard, text, language, seconds) | {"voice": name})
    return _summary(lines)


def _recordings(listener: WorkingListener, manifest: Path) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    with manifest.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            audio = (manifest.parent / row["file"]).read_bytes()
            heard, seconds = _timed(lambda a=audio, language=row["lang"]: _hear(listener, a, language))
            found.setdefault(row["lang"], []).append(_line(heard, row["reference"], row["lang"], seconds))
    return {language: _summary(lines) for language, lines in found.items()}


def _hear(listener: WorkingListener, audio: bytes, language: str) -> Heard:
    try:
        return listener.listen(audio, language)
    except NothingHeard:
        return Heard("", (), 1.0)


def _line(heard: Heard, reference: str, language: str, seconds: float) -> dict[str, Any]:
    wanted, got = _units(reference, language), _units(heard.text, language)
    sounds = (_sounds(wanted), _sounds(got)) if language == "zh" else (wanted, got)
    return {
        "errors": _distance(wanted, got),
        "errors_by_sound": _distance(*sounds),
        "units": len(wanted),
        "real_time_factor": round(seconds / heard.seconds, 3),
        "heard": heard.text,
    }


def _summary(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "error_rate": round(sum(line["errors"] for line in lines) / sum(line["units"] for line in lines), 4),
        "error_rate_by_sound": round(sum(li["errors_by_sound"] for li in lines) / sum(li["units"] for li in lines), 4),
        "real_time_factor_median": statistics.median(line["real_time_factor"] for line in lines),
        "lines": lines,
    }


def _units(text: str, language: str) -> list[str]:
    """Characters or words, numbers written out, punctuation left out."""
    if language == "zh":
        return re.findall(r"[\w]", readable(text).lower())
    return re.findall(r"[\w']+", _SPELLED.sub(lambda m: _NUMBERS[int(m.group())], readable_en(text)).lower())


_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SPELLED = re.compile(r"\b(?:1[0-2]|\d)\b")


def _sounds(characters: list[str]) -> list[str]:
    """Syllables with tones: 钱 and 前 are the same to any listener."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin("".join(characters), style=Style.TONE3)


def _distance(wanted: list[str], got: list[str]) -> int:
    row = list(range(len(got) + 1))
    for i, a in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(got, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _timed(call: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    result = call()
    return result, time.perf_counter() - began


def _memory(voice: SpokenVoice, listener: WorkingListener) -> dict[str, float]:
    """Resident memory now and at its peak."""
    found: dict[str, float] = {}
    for name, pid in (("speaking", voice.pids[0]), ("listening", listener.pid)):
        status = Path(f"/proc/{pid}/status").read_text()
        for key in ("VmRSS", "VmHWM"):
            match = re.search(rf"{key}:\s+(\d+)", status)
            found[f"{name} {key}"] = round(int(match.group(1)) / 1024) if match else 0
    return found


if __name__ == "__main__":
    main()
