"""What single phrases cannot tell: behaviours that depend on the rest of the reply or on what the customer said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from coach.behaviours import slots
from coach.behaviours.lexicon_loader import Lexicon
from coach.behaviours.plain import Plain
from coach.behaviours.rules import Finding, doubt_about

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+|\d+")
_WE_WILL = re.compile(r"\b(?:i'll|i will|we'll|we will)\b")
_LONGEST_TOLD = 160  # characters of a sentence that does nothing but tell the trouble; speech runs on to other things
_THANKS = re.compile(r"谢谢|感谢|多谢|\b(?:and )?(?:thank you|thanks)\b")
_EMPTY_HAN = frozenset("我你您的了是在不有就们这那吗呢吧啊也都还给到说要会来去和跟把被让什么个一没")
_WORD = re.compile(r"[a-z]{3,}|\d+")
_EMPTY_WORDS = frozenset(
    [
        "the",
        "and",
        "you",
        "your",
        "for",
        "are",
        "was",
        "were",
        "that",
        "this",
        "with",
        "have",
        "has",
        "had",
        "not",
        "but",
        "our",
        "from",
        "they",
        "them",
        "what",
        "when",
        "will",
        "would",
        "can",
        "could",
        "just",
        "been",
        "get",
        "got",
        "all",
        "any",
        "out",
        "now",
        "how",
        "who",
        "why",
        "she",
        "her",
        "his",
        "him",
        "its",
        "it's",
        "i'm",
        "there",
        "then",
        "than",
        "about",
        "did",
        "does",
        "don't",
        "didn't",
        "isn't",
        "wasn't",
        "which",
        "where",
        "some",
        "one",
        "two",
        "too",
        "very",
        "still",
        "even",
        "said",
        "told",
        "say",
        "want",
        "know",
        "like",
    ]
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A reply in its place, ready for the rules that look around."""

    plain: Plain
    lexicon: Lexicon
    customer: str  # plain text
    found: tuple[Finding, ...]
    times: tuple[slots.Time, ...]

    @property
    def text(self) -> str:
        return self.plain.text

    def of(self, *behaviours: str) -> list[Finding]:
        return [f for f in self.found if f.behaviour in behaviours]

    def has(self, *behaviours: str) -> bool:
        """Whether one of them is found beyond doubt."""
        return any(f.is_certain for f in self.of(*behaviours))

    def touches(self, start: int, end: int, *behaviours: str) -> bool:
        return any(f.start < end and f.end > start for f in self.of(*behaviours))


def look_around(scene: Scene) -> tuple[Finding, ...]:
    """All findings, after the rest of the reply had its say."""
    kept = [f for f in scene.found if f.behaviour not in ("flat_refusal", "template", "vague_time")]
    kept += _restating(scene)
    kept += _specific_apologies(scene)
    kept += _timeframes(scene)
    whole = Scene(scene.plain, scene.lexicon, scene.customer, tuple(kept), scene.times)
    kept += _vague_times(scene, whole)
    kept += _flat_refusals(scene, whole)
    kept += _templates(scene, whole)
    return tuple(_without_mockery(_taken_on(kept)))


def _taken_on(found: list[Finding]) -> list[Finding]:
    """Who names a partner as the cause and takes it on in the same reply explains, and passes nothing on."""
    if not any(f.behaviour == "own" and f.is_certain for f in found):
        return found
    return [replace(f, doubt=f.doubt or "taken on") if f.behaviour == "shift_blame" else f for f in found]


def _timeframes(scene: Scene) -> Iterator[Finding]:
    """Times that are promised: a deadline in a promise, or a moment at which something is said to be done."""
    cues = scene.lexicon.cues
    for time in scene.times:
        left, right = scene.plain.clause(time.start, time.end)
        reach = 16 if scene.lexicon.language == "zh" else 48  # speech may go on without a stop
        clause = scene.text[max(left, time.start - reach) : min(right, time.end + reach // 2)]
        said = scene.text[time.start : time.end]
        before = scene.text[scene.plain.sentence(time.start, time.end)[0] : time.start]
        after = scene.text[time.end : time.end + 60]
        is_future = any(
            (cues["promise"].search(before), cues["promised_act"].search(after), cues["future_time"].search(said))
        )
        # "I'll ring at eleven to check it has arrived": what follows a promise of ours is not past
        told = scene.text[max(left, time.start - reach) : time.end] if _WE_WILL.search(before) else clause
        if cues["policy_time"].search(clause) or cues["past_time"].search(told):
            continue
        if not (is_future or time.is_deadline):
            continue
        if _is_their_own(scene, time):
            continue
        asked = bool(cues["question_tail"].match(after))
        doubt = doubt_about("timeframe", scene.text, time.start, time.end, scene.lexicon)
        yield Finding("timeframe", time.start, time.end, 0.4 if asked else 0.85, doubt)


def _is_their_own(scene: Scene, time: slots.Time) -> bool:
    """A time of the customer's life (her birthday is tomorrow) or at which they are sent away (ring back tomorrow),
    in a sentence where nobody of ours does anything."""
    cues = scene.lexicon.cues
    left, right = scene.plain.clause(time.start, time.end)
    before, after = scene.text[left : time.start], scene.text[time.end : right]
    if cues["our_act"].search(before) or cues["our_act"].search(after):
        return False
    away = cues["sent_away"].search(before) or (scene.lexicon.language == "zh" and cues["sent_away"].search(after))
    life = cues["own_life"].search(before) or cues["own_life"].search(after) or cues["theirs_before"].search(before)
    return bool(away or life)


def _vague_times(scene: Scene, whole: Scene) -> Iterator[Finding]:
    """ "Soon" is vague only where no time is given in the same reply."""
    if whole.has("timeframe"):
        return
    yield from scene.of("vague_time")


def _flat_refusals(scene: Scene, whole: Scene) -> Iterator[Finding]:
    """A refusal is flat when neither a reason nor a way forward comes with it."""
    has_way_out = whole.has("explain", "remedy", "compensate", "involve", "escalate", "follow_up", "own", "ask")
    refusals = scene.of("flat_refusal")
    softened = bool(scene.lexicon.cues["alternative"].search(_without(scene.text, refusals)))
    if not has_way_out and not softened:
        yield from refusals


def _without(text: str, findings: Iterable[Finding]) -> str:
    """The text with the words of `findings` blanked: what stands beside them."""
    for finding in findings:
        text = text[: finding.start] + " " * (finding.end - finding.start) + text[finding.end :]
    return text


def _templates(scene: Scene, whole: Scene) -> Iterator[Finding]:
    """Stock sentences are a fault only where nothing in the reply engages with this customer."""
    stock = scene.of("template")
    if not stock:
        return
    engaged = whole.has(
        "remedy",
        "ask",
        "verify",
        "restate",
        "apologise_specific",
        "compensate",
        "involve",
        "own",
        "timeframe",
        "explain",
    )
    if engaged:
        return
    left = min(f.start for f in stock)
    right = max(f.end for f in stock)
    best = max(f.weight for f in stock)
    yield Finding("template", left, right, best)


def _without_mockery(found: Iterable[Finding]) -> Iterator[Finding]:
    """Sarcasm performs no act: next to open mockery kind words are not taken at their word."""
    found = list(found)
    mocked = any(f.behaviour == "rude" and f.is_certain for f in found)
    for finding in found:
        if mocked and finding.behaviour in ("empathise", "thank", "apologise", "apologise_specific", "invite", "close"):
            yield replace(finding, doubt=finding.doubt or "mocked")
        else:
            yield finding


def _specific_apologies(scene: Scene) -> Iterator[Finding]:
    """An apology names the harm when, without its stock words, its sentence still says something."""
    cues = scene.lexicon.cues
    for apology in scene.of("apologise"):
        if cues["brush_off"].search(scene.text[apology.end : apology.end + 60]):
            continue  # "sorry, but I can't help you" is sorry for nothing
        left, right = _reach_of_apology(scene, apology)
        rest = scene.text[left : apology.start] + " " + scene.text[apology.end : right]
        rest = cues["apology_stock"].sub(" ", rest)
        harm = cues["harm"].search(rest) or cues["trouble"].search(rest)
        size = (
            len(_HAN_RUN.findall(rest)) and sum(map(len, _HAN_RUN.findall(rest)))
            if scene.lexicon.language == "zh"
            else len(_WORD.findall(rest))
        )
        enough = size >= (4 if scene.lexicon.language == "zh" else 2)
        if harm and enough:
            yield Finding("apologise_specific", left, right, 0.8, apology.doubt)
        elif (end := _trouble_told_next(scene, right)) is not None:
            yield Finding("apologise_specific", apology.start, end, 0.8, apology.doubt)


def _trouble_told_next(scene: Scene, right: int) -> int | None:
    """The end of the clause that names the harm when it is a sentence of its own: "I'm so sorry. Twelve days without
    your refund." None when the next sentence goes on to something else."""
    start = right + 1
    while start < len(scene.text) and scene.text[start] in " .。!\n":
        start += 1
    if start >= len(scene.text) or scene.text[right : right + 1] == "?":
        return None
    end = scene.plain.sentence(start, start)[1]
    colon = scene.text.find(":", start, end)
    end = colon if colon > 0 else end
    return end if _is_trouble(scene, scene.text[start : end + 1]) else None


def _is_trouble(scene: Scene, words: str) -> bool:
    """Whether the words tell what the customer went through, and nothing else."""
    cues = scene.lexicon.cues
    return bool(cues["trouble"].search(words)) and not cues["not_trouble"].search(words)


def _reach_of_apology(scene: Scene, apology: Finding) -> tuple[int, int]:
    """In Chinese the harm may come before or after the apology, in English after it."""
    left, right = scene.plain.sentence(apology.start, apology.end)
    if scene.lexicon.language == "en":
        return apology.start, _before_thanks(scene.text, apology.end, min(right, apology.end + 110))
    left = _after_thanks(scene.text, max(left, apology.start - 26), apology.start)
    right = _before_thanks(scene.text, apology.end, min(right, apology.end + 26))
    comma = scene.text.find(",", apology.end + 2, right)  # a comma right after the apology only takes breath
    second = scene.text.find(",", comma + 1, right) if comma >= 0 else -1
    return left, second if second > 0 else right


def _says_back(scene: Scene, sentence: str, shared: int, telling: bool, busy: bool) -> bool:
    """Whether a sentence that does nothing else shares enough facts with what the customer said."""
    enough = 0.4 * len(_content(sentence, scene.lexicon.language))
    return not busy and shared >= 3 and (telling or shared >= enough)


def _tells_only_trouble(scene: Scene, left: int, right: int) -> bool:
    """Whether a sentence says the customer's trouble back, without certainly doing something else."""
    other = ("remedy", "apologise", "argue", "blame_customer", "follow_up", "rude", "minimise", "flat_refusal")
    busy = any(f.is_certain and f.start < right and f.end > left for f in scene.of(*other))
    return not busy and right - left <= _LONGEST_TOLD and _is_trouble(scene, scene.text[left : right + 1])


def _before_thanks(text: str, start: int, end: int) -> int:
    """`end`, or where a word of thanks begins: who thanks names no harm."""
    thanks = _THANKS.search(text, start, end)
    return thanks.start() if thanks else end


def _after_thanks(text: str, start: int, end: int) -> int:
    """`start`, or the end of the last clause of thanks before `end`."""
    for thanks in _THANKS.finditer(text, start, end):
        comma = text.find(",", thanks.end(), end)
        start = comma + 1 if comma >= 0 else end
    return start


def _restating(scene: Scene) -> Iterator[Finding]:
    """The customer's own facts said back, to show or to check that they were understood."""
    language = scene.lexicon.language
    said = _content(scene.customer, language)
    cues = scene.lexicon.cues
    for left, right in _sentences(scene.plain):
        sentence = scene.text[left:right]
        shared = len(said & _content(sentence, language))
        checking = cues["checking"].search(sentence)
        telling = cues["telling_back"].search(sentence)
        busy = scene.touches(
            left,
            right,
            "remedy",
            "apologise",
            "argue",
            "blame_customer",
            "follow_up",
            "rude",
            "minimise",
            "compensate",
            "flat_refusal",
        )
        if checking and shared >= 2 and not busy:
            yield Finding("restate", left, right, 0.8)
        elif _says_back(scene, sentence, shared, bool(telling), busy) or (
            (shared >= 3 or not said) and _tells_only_trouble(scene, left, right)
        ):
            yield Finding("restate", left, right, 0.6)
        elif (checking or telling) and shared >= 2:
            yield Finding("restate", left, right, 0.4)


def _sentences(plain: Plain) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"[。.!?;\n]+(?!\d)", plain.text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(plain.text):
        yield start, len(plain.text)


def _content(text: str, language: str) -> set[str]:
    """The words that carry facts: two-character pieces in Chinese, word stems in English, and numbers."""
    if language == "en":
        return {word[:5] for word in _WORD.findall(text) if word not in _EMPTY_WORDS}
    pieces: set[str] = set()
    for run in _HAN_RUN.findall(text):
        if run.isdigit():
            pieces.add(run)
            continue
        pieces.update(a + b for a, b in pairwise(run) if a not in _EMPTY_HAN and b not in _EMPTY_HAN)
    return pieces
