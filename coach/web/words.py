"""Words for the values of the domain, in the language of the page."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from coach.domain.language import Language
from coach.domain.mood import AngerWord, PatienceWord, anger_word, patience_word
from coach.domain.people import Role
from coach.domain.rubric import StepVerdict

VERDICTS: dict[StepVerdict, LazyString] = {
    StepVerdict.MET: _l("Met"),
    StepVerdict.PARTLY: _l("Partly"),
    StepVerdict.MISSED: _l("Missed"),
    StepVerdict.UNSURE: _l("Unsure"),
    StepVerdict.NOT_RATED: _l("Not rated"),
}

ANGER: dict[AngerWord, LazyString] = {
    AngerWord.CALM: _l("calm"),
    AngerWord.IRRITATED: _l("irritated"),
    AngerWord.ANGRY: _l("angry"),
    AngerWord.VERY_ANGRY: _l("very angry"),
    AngerWord.FURIOUS: _l("furious"),
}

PATIENCE: dict[PatienceWord, LazyString] = {
    PatienceWord.GONE: _l("about to hang up"),
    PatienceWord.RUNNING_OUT: _l("running out"),
    PatienceWord.WAITING: _l("waiting"),
    PatienceWord.WILL_WAIT: _l("will wait"),
}

ROLES: dict[Role, LazyString] = {
    Role.TRAINEE: _l("trainee"),
    Role.MENTOR: _l("mentor"),
    Role.QA: _l("quality check"),
    Role.ADMIN: _l("administrator"),
}

LANGUAGE_NAMES: dict[Language, str] = {
    Language.ZH_HANS: "简体中文",
    Language.ZH_HANT: "繁體中文",
    Language.EN: "English",
}
"""Each language is named in itself, so that everybody finds their own."""


def verdict_word(verdict: StepVerdict | str) -> str:
    return str(VERDICTS[StepVerdict(verdict)])


def verdict_class(verdict: StepVerdict | str) -> str:
    """The class of chips and moons: met, partly, missed, unsure or unrated."""
    return "unrated" if verdict == StepVerdict.NOT_RATED else StepVerdict(verdict).value


def mood_word(what: str, level: int) -> str:
    """The word for a level of "anger" or "patience" (0..100)."""
    if what == "anger":
        return str(ANGER[anger_word(level)])
    return str(PATIENCE[patience_word(level)])


def signed(delta: int) -> str:
    """`+18`, `−8` (a true minus sign) or `0`."""
    return f"+{delta}" if delta > 0 else f"−{-delta}" if delta < 0 else "0"
