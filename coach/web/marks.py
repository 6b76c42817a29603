"""Evidence in a text: spans become marks, safely, even where they overlap. And Chinese text in clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from flask_babel import gettext as _
from markupsafe import Markup, escape


class MarkKind(StrEnum):
    """What a span shows: it helped, it hurt, or it can be read either way."""

    ACT = "act"
    FAULT = "fault"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Span:
    """Words to mark. Offsets count code points of the text; `tag` is a word or two, or "" for none."""

    start: int
    end: int
    tag: str = ""
    kind: MarkKind = MarkKind.ACT


_STRONGEST_FIRST = (MarkKind.FAULT, MarkKind.MAYBE, MarkKind.ACT)
_WORD_JOINER = "\u2060"  # a tag stays on the line of the last marked word


def marked(text: str, spans: Iterable[Span] = ()) -> Markup:
    """The text as HTML with `<mark>` around the spans.

    Where spans overlap, the text is cut into pieces; each shows its strongest kind (fault, maybe, act), and every
    tag stands once, at the end of its own span. Spans that reach outside the text are cut, empty ones left out.
    """
    kept = sorted(_inside(text, spans), key=lambda span: (span.start, span.end))
    edges = sorted({0, len(text), *(s.start for s in kept), *(s.end for s in kept)})
    pieces = (_piece(text, start, end, kept) for start, end in pairwise(edges))
    return Markup("").join(pieces)


def _inside(text: str, spans: Iterable[Span]) -> Iterable[Span]:
    for span in spans:
        start, end = max(0, span.start), min(len(text), span.end)
        if start < end:
            yield Span(start, end, span.tag, MarkKind(span.kind))


def _piece(text: str, start: int, end: int, spans: list[Span]) -> Markup:
    words = escape(text[start:end])
    covering = [span for span in spans if span.start <= start and end <= span.end]
    if not covering:
        return words
    kind = next(kind for kind in _STRONGEST_FIRST if any(span.kind is kind for span in covering))
    tags = Markup("").join(_tag(span) for span in covering if span.end == end and span.tag)
    return Markup('<mark class="{}">{}{}</mark>').format(kind.value, words, tags)


def _tag(span: Span) -> Markup:
    spoken = {MarkKind.ACT: _("helped"), MarkKind.FAULT: _("hurt"), MarkKind.MAYBE: _("could be either")}[span.kind]
    return Markup('<span class="tag {}">{}<span class="sr"> ({}: </span>{}<span class="sr">) </span></span>').format(
        span.kind.value, _WORD_JOINER, spoken, span.tag
    )


_CLAUSE = re.compile(r"[^，。！？；：、…—]*[，。！？；：、…—]+[”’」』）》]*|[^，。！？；：、…—]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def clauses(text: str) -> Markup:
    """Chinese text with one `<span>` per clause, so that lines break at punctuation; other text as it is."""
    if not _HAN.search(text):
        return escape(text)
    spans = Markup("").join(Markup("<span>{}</span>").format(part) for part in _CLAUSE.findall(text))
    return Markup('<span class="clauses">{}</span>').format(spans)
