"""The reader: what one reply does, with the words that show it."""

from __future__ import annotations

from coach.behaviours import slots
from coach.behaviours.context import Scene, look_around
from coach.behaviours.decide import decide
from coach.behaviours.lexicon_loader import lexicon
from coach.behaviours.plain import language_of, plain
from coach.behaviours.rules import findings
from coach.domain.behaviour import Reading

READER_VERSION = "rules-4"


def read(text: str, *, language: str | None = None, customer_before: str = "") -> Reading:
    """Reads one reply. Never raises for any str; the same input gives the same reading.

    `language` is "zh" or "en" (any other value, and None: detected from the text). `customer_before` is what the
    customer said just before; without it nothing can be recognised as said back to them.
    Offsets of the reading count code points of `text`. Time grows linearly with the length of the text.
    """
    spoken = language if language in ("zh", "en") else language_of(text)
    reply = plain(text)
    lists = lexicon(spoken)
    times = slots.times(reply.text, spoken)
    scene = Scene(reply, lists, plain(customer_before).text, tuple(findings(reply.text, lists)), times)
    return Reading(
        text=text,
        language=spoken,
        behaviours=decide(reply, look_around(scene)),
        times=slots.time_slots(reply, times),
        amounts=slots.amount_slots(reply, slots.amounts(reply.text, spoken)),
        reader=READER_VERSION,
    )
