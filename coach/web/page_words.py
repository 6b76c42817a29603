"""Words and small formats that the pages of trainees and mentors use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from time import time

from flask import Flask
from flask_babel import LazyString, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from coach.domain.language import Language
from coach.domain.mood import MoodChange
from coach.domain.rehearsal import Rehearsal, Turn
from coach.domain.scenario import EndingKind
from coach.web.i18n import language_of_request
from coach.web.services import services

_TURN = re.compile(r"第 (\d+) [轮輪]|Turn (\d+)")

DOUBTFUL = 0.5  # below this confidence a word may have been misheard

INDUSTRIES: dict[str, LazyString] = {
    "telecom": _l("Telephone"),
    "broadband": _l("Broadband"),
    "e-commerce": _l("Online shop"),
    "parcel": _l("Parcels"),
    "utilities": _l("Power and water"),
    "retail": _l("Shop"),
    "property": _l("Property"),
    "banking": _l("Bank"),
    "travel": _l("Travel"),
    "other": _l("Other"),
}
DIFFICULTIES: tuple[LazyString, ...] = (_l("easy"), _l("gentle"), _l("demanding"), _l("hard"), _l("very hard"))
HARD_IN: dict[str, LazyString] = {
    "person": _l("the person"),
    "matter": _l("the matter"),
    "solution": _l("the solution"),
}
ENDINGS: dict[EndingKind, LazyString] = {
    EndingKind.SATISFIED: _l("satisfied"),
    EndingKind.SETTLED_COLD: _l("settled, but cold"),
    EndingKind.SUPERVISOR: _l("asked for a supervisor"),
    EndingKind.HANGS_UP: _l("customer hung up"),
    EndingKind.THREATENS: _l("threatened to go further"),
    EndingKind.ABANDONED: _l("call was left"),
}


def install_page_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        industry_word=lambda id: str(INDUSTRIES.get(id, id)),
        difficulty_word=lambda level: str(DIFFICULTIES[int(level) - 1]),
        hard_word=lambda id: str(HARD_IN[id]),
        ending_word=lambda kind: str(ENDINGS[EndingKind(kind)]),
        day=lambda at: format_datetime(at, "d MMM" if _is_english() else "M月d日"),
        day_and_time=lambda at: format_datetime(at, "d MMM, HH:mm" if _is_english() else "M月d日 HH:mm"),
        by_reason=by_reason,
        heard_words=heard_words,
        quotes=lambda sentences, words: any(words in sentence for sentence in sentences),
        with_turn_link=with_turn_link,
        minutes_on_line=minutes_on_line,
        pack_name=lambda id: services().debriefing.pack(id).name.within(language_of_request()),
        pass_mark=lambda id: services().debriefing.pack(id).pass_mark,
    )
    app.jinja_env.globals.update(now_seconds=lambda: int(time()))
    app.context_processor(lambda: {"language_of_page": language_of_request()})


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the ledger. `moves`: (anger or patience, by how much, whether for the better)."""

    because: str
    quote: str
    moves: tuple[tuple[str, int, bool], ...]


def by_reason(changes: tuple[MoodChange, ...]) -> list[Reason]:
    """The changes of one turn with anger and patience of the same rule together, in the language of the page."""
    language = language_of_request()
    rules = {change.rule: change for change in changes}
    return [
        Reason(
            change.because.within(language),
            change.quote,
            tuple((c.what, c.delta, (c.delta < 0) == (c.what == "anger")) for c in changes if c.rule == rule),
        )
        for rule, change in rules.items()
    ]


def _is_english() -> bool:
    return language_of_request() is Language.EN


def minutes_on_line(rehearsal: Rehearsal) -> str:
    """How long the call took, or has taken so far."""
    end: datetime = rehearsal.ended or rehearsal.last.at
    seconds = max(0, int((end - rehearsal.started).total_seconds()))
    return str(_("%(m)s min %(s)s s", m=seconds // 60, s=seconds % 60))


def with_turn_link(sentence: str) -> Markup:
    """The sentence; where it begins with a turn (“Turn 3, …”), that leads there on the page."""
    found = _TURN.match(sentence)
    if not found:
        return escape(sentence)
    link = Markup('<a href="#turn-{}">{}</a>').format(found[1] or found[2], found[0])
    return link + escape(sentence[found.end() :])


def heard_words(turn: Turn, language: Language) -> Markup:
    """The reply as text; words that were hard to hear are marked."""
    if not any(word.confidence < DOUBTFUL for word in turn.words):
        return escape(turn.text)
    gap = " " if language is Language.EN else ""
    hint = _("hard to hear")
    pieces = [
        Markup('<span class="doubt" title="{}">{}</span>').format(hint, word.text)
        if word.confidence < DOUBTFUL
        else escape(word.text)
        for word in turn.words
    ]
    return Markup("{}").format(gap).join(pieces)
