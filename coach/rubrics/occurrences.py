"""When each behaviour happened in a call, gathered once so that rules can ask in constant time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from coach.domain.behaviour import Behaviour, Reading
from coach.domain.rubric import Quote
from coach.domain.scenario import OUTCOMES
from coach.domain.transcript import Speaker, Transcript, Utterance

ReadReply = Callable[[str, str, str], Reading]
"""Reads (reply, "zh" or "en", what the customer said just before)."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A behaviour in one reply. `rank` counts replies from 1; messages sent in a row are one reply. How a call was
    lost has no quotes: no words of the agent are evidence for it."""

    rank: int
    quotes: tuple[Quote, ...]
    confidence: float = 1.0


class Occurrences:
    """What happened in a call, by behaviour or signal, in the order of the call."""

    def __init__(self, shown: Mapping[str, list[Occurrence]], doubtful: Mapping[str, list[Occurrence]]) -> None:
        self._shown = shown
        self._doubtful = doubtful

    def shown(self, ids: frozenset[str], *, until: int = 0) -> list[Occurrence]:
        """Where any of them is present, first to last; `until` > 0: in so many first replies."""
        return _within(self._shown, ids, until)

    def doubtful(self, ids: frozenset[str], *, until: int = 0) -> list[Occurrence]:
        """Where the reader was unsure about any of them."""
        return _within(self._doubtful, ids, until)

    def first(self, ids: frozenset[str]) -> Occurrence | None:
        """The first time any of them is present."""
        earliest = [self._shown[id][0] for id in ids if id in self._shown]
        return min(earliest, key=_place, default=None)

    def all_doubtful(self) -> tuple[Quote, ...]:
        """The words behind every unsure mark, in the order of the call."""
        quotes = (quote for group in self._doubtful.values() for occurrence in group for quote in occurrence.quotes)
        return tuple(sorted(quotes, key=lambda q: (q.turn, q.start, q.end, q.behaviour)))


def occurrences(transcript: Transcript, signals: Mapping[int, frozenset[str]], read: ReadReply) -> Occurrences:
    """Reads what was not read yet and sorts everything by behaviour. `signals`: by the agent's turn number."""
    shown: dict[str, list[Occurrence]] = {}
    doubtful: dict[str, list[Occurrence]] = {}
    for rank, utterance, reading in _readings(transcript, read):
        for behaviour in reading.behaviours:
            group = shown if behaviour.is_present else doubtful
            group.setdefault(behaviour.id, []).append(
                Occurrence(rank, _quotes(utterance, behaviour), behaviour.confidence)
            )
        for signal in sorted(signals.get(utterance.turn, ())):
            quotes = () if signal in OUTCOMES else (_quote_of_signal(utterance, reading, signal),)
            shown.setdefault(signal, []).append(Occurrence(rank, quotes))
    return Occurrences(shown, doubtful)


def _readings(transcript: Transcript, read: ReadReply) -> Iterator[tuple[int, Utterance, Reading]]:
    rank, before, last = 0, [""], Speaker.CUSTOMER
    for utterance in transcript.utterances:
        if utterance.speaker is Speaker.CUSTOMER:
            before = [utterance.text] if last is Speaker.AGENT else [*before, utterance.text]
        else:
            rank += last is Speaker.CUSTOMER
            heard = "\n".join(filter(None, before))
            yield rank, utterance, utterance.reading or read(utterance.text, transcript.language, heard)
        last = utterance.speaker


def _quotes(utterance: Utterance, behaviour: Behaviour) -> tuple[Quote, ...]:
    unsure = not behaviour.is_present
    if not behaviour.evidence:
        return (Quote(utterance.turn, 0, len(utterance.text), utterance.text, behaviour.id, unsure),)
    return tuple(Quote(utterance.turn, e.start, e.end, e.text, behaviour.id, unsure) for e in behaviour.evidence)


def _quote_of_signal(utterance: Utterance, reading: Reading, signal: str) -> Quote:
    """The amount or the time in the reply where there is one: signals are noticed about promises; else all of it."""
    if reading.amounts:
        amount = reading.amounts[0]
        return Quote(utterance.turn, amount.start, amount.end, amount.text, signal)
    if reading.times:
        time = reading.times[0]
        return Quote(utterance.turn, time.start, time.end, time.text, signal)
    return Quote(utterance.turn, 0, len(utterance.text), utterance.text, signal)


def _within(groups: Mapping[str, list[Occurrence]], ids: frozenset[str], until: int) -> list[Occurrence]:
    found = [o for id in sorted(ids) for o in groups.get(id, ()) if not until or o.rank <= until]
    return sorted(found, key=_place)


def _place(occurrence: Occurrence) -> tuple[int, int, int, int, str]:
    if not occurrence.quotes:
        return (occurrence.rank, 0, 0, 0, "")
    quote = occurrence.quotes[0]
    return (occurrence.rank, quote.turn, quote.start, quote.end, quote.behaviour)
