"""What the shape of a file cannot show: names that lead nowhere, stages nobody reaches, too few variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from coach.domain.scenario import Condition, EndingKind, Lines, Scenario, Transition
from coach.rubrics.findings import Finding, Severity
from coach.rubrics.strict_yaml import Path, Places

LEAST_STAGES_AND_FACTS = 12
LEAST_ENDINGS = 4
LEAST_VARIANTS = 3
LONGEST = {"zh": 60, "en": 40}  # characters, words: what can be said in one breath
REGISTER = ("who", "contact", "product", "what_happened", "since", "cause", "wants", "promise", "next_step", "owner")

Found = tuple[str, Severity, Path, str, str]


def lint(scenario: Scenario, places: Places) -> list[Finding]:
    """Everything found, errors and warnings, with the line it is about."""
    checks: tuple[Callable[[Scenario], Iterable[Found]], ...] = (
        _ids, _targets, _references, _reachable, _endings, _size, _variants, _length, _register, _voices,
    )  # fmt: skip
    return [
        Finding(code, severity, places.line(path), ".".join(map(str, path)), reason, fix)
        for check in checks
        for code, severity, path, reason, fix in check(scenario)
    ]


def _ids(scenario: Scenario) -> Iterator[Found]:
    kinds: tuple[tuple[str, list[str]], ...] = (
        ("stages", [s.id for s in scenario.stages]),
        ("facts", [f.id for f in scenario.facts]),
        ("endings", [e.id for e in scenario.endings]),
        ("mood", [r.id for r in scenario.mood]),
        ("reactions", [r.id for r in scenario.reactions]),
    )
    for kind, ids in kinds:
        for id in _repeated(ids):
            reason, fix = f"{kind} has the id {id} more than once.", "Give each its own id."
            yield "duplicate-id", Severity.ERROR, (kind, _last(ids, id)), reason, fix
    for id in sorted({s.id for s in scenario.stages} & {e.id for e in scenario.endings}):
        reason = f"{id} is a stage and an ending."
        yield "duplicate-id", Severity.ERROR, ("endings",), reason, "Give one of them another id."
    for id, path in _repeated_lines(scenario):
        reason = f"two different lines have the id {id}."
        yield "duplicate-line-id", Severity.ERROR, path, reason, "Give each line its own id."


def _repeated(ids: list[str]) -> list[str]:
    return [id for id, count in Counter(ids).items() if count > 1]


def _last(ids: list[str], id: str) -> int:
    return len(ids) - 1 - ids[::-1].index(id)


def _repeated_lines(scenario: Scenario) -> Iterator[tuple[str, Path]]:
    known: dict[str, object] = {}
    for path, group in groups(scenario):
        for line in (*group.cool, *group.hot, *group.boiling):  # `every` would hide the second
            if known.setdefault(line.id, line) != line:
                yield line.id, path


def _targets(scenario: Scenario) -> Iterator[Found]:
    known = {s.id for s in scenario.stages} | {e.id for e in scenario.endings}
    kinds = {e.kind.value for e in scenario.endings}
    if scenario.start not in {s.id for s in scenario.stages}:
        yield "unknown-target", Severity.ERROR, ("start",), f"there is no stage {scenario.start}.", "Name a stage."
    for number, stage in enumerate(scenario.stages):
        if stage.hang_up_to in {s.id for s in scenario.stages}:
            reason = f"{stage.hang_up_to} is a stage, but hanging up ends the call."
            yield "unknown-target", Severity.ERROR, ("stages", number, "hang_up_to"), reason, "Name an ending."
    named: list[tuple[Path, str]] = [((*path, "to"), way.to) for path, way in _ways(scenario)]
    named += [(("stages", n, "hang_up_to"), s.hang_up_to) for n, s in enumerate(scenario.stages) if s.hang_up_to]
    for path, to in named:
        if (to[1:] not in kinds) if to.startswith("@") else (to not in known):
            what = f"no ending is of the kind {to[1:]}" if to.startswith("@") else f"there is no stage or ending {to}"
            yield "unknown-target", Severity.ERROR, path, f"{what}.", "Name a stage, an ending, or add it."


def _ways(scenario: Scenario) -> Iterator[tuple[Path, Transition]]:
    for number, way in enumerate(scenario.always):
        yield ("always", number), way
    for place, stage in enumerate(scenario.stages):
        for number, way in enumerate(stage.go):
            yield ("stages", place, "go", number), way


def _conditions(scenario: Scenario) -> Iterator[tuple[Path, Condition]]:
    for path, way in _ways(scenario):
        yield (*path, "when"), way.when
    for number, reaction in enumerate(scenario.reactions):
        yield ("reactions", number, "when"), reaction.when
    for number, rule in enumerate(scenario.mood):
        yield ("mood", number, "when"), rule.when


def _references(scenario: Scenario) -> Iterator[Found]:
    facts = {fact.id for fact in scenario.facts}
    stages = {stage.id for stage in scenario.stages}
    for path, when in _conditions(scenario):
        for fact in sorted((when.facts | when.facts_unknown) - facts):
            yield "unknown-fact", Severity.ERROR, path, f"there is no fact {fact}.", "Name a fact of this file."
        for stage in sorted(when.stages - stages):
            yield "unknown-stage", Severity.ERROR, path, f"there is no stage {stage}.", "Name a stage of this file."
        if when.anger_from > when.anger_to or when.patience_from > when.patience_to:
            yield "empty-range", Severity.ERROR, path, "from is above to, so it never holds.", "Swap them."
        for id in sorted(when.none & (when.all | when.any)):
            fix = "Take it out of one of the two."
            yield "contradiction", Severity.ERROR, path, f"{id} is both asked for and ruled out.", fix
    for path, group in groups(scenario):
        for fact in sorted({fact for line in group.every for fact in line.reveals} - facts):
            yield "unknown-fact", Severity.ERROR, path, f"a line reveals {fact}, which is no fact.", "Name a fact."


def _reachable(scenario: Scenario) -> Iterator[Found]:
    reached = reachable(scenario)
    for number, stage in enumerate(scenario.stages):
        if stage.id not in reached:
            fix = "Lead a way to it, or delete it."
            yield "unreachable-stage", Severity.ERROR, ("stages", number), f"no way leads to {stage.id}.", fix
    for number, ending in enumerate(scenario.endings):
        if ending.id not in reached and ending.kind is not EndingKind.ABANDONED:
            fix = "Lead a way to it, or delete it."
            yield "unreachable-ending", Severity.ERROR, ("endings", number), f"no call can end with {ending.id}.", fix


def reachable(scenario: Scenario) -> frozenset[str]:
    """Ids of the stages and endings that some chain of ways leads to, conditions left aside."""
    kinds: dict[str, str] = {}
    for ending in scenario.endings:
        kinds.setdefault("@" + ending.kind.value, ending.id)
    onward = {
        stage.id: {kinds.get(way.to, way.to) for way in (*stage.go, *scenario.always)}
        | ({kinds.get(stage.hang_up_to, stage.hang_up_to)} if stage.hang_up_to else set())
        for stage in scenario.stages
    }
    reached: set[str] = set()
    todo = [scenario.start]
    while todo:
        here = todo.pop()
        if here not in reached:
            reached.add(here)
            todo.extend(onward.get(here, ()))
    return frozenset(reached)


def _endings(scenario: Scenario) -> Iterator[Found]:
    kinds = {ending.kind for ending in scenario.endings}
    for kind in (EndingKind.HANGS_UP, EndingKind.ABANDONED):
        if kind not in kinds:
            reason = f"no ending is of the kind {kind.value}."
            yield "missing-ending", Severity.ERROR, ("endings",), reason, "Add one; every call can end that way."
    if len(scenario.endings) < LEAST_ENDINGS:
        reason = f"there are {len(scenario.endings)} endings."
        yield "few-endings", Severity.WARNING, ("endings",), reason, f"Write at least {LEAST_ENDINGS}."


def _size(scenario: Scenario) -> Iterator[Found]:
    count = len(scenario.stages) + len(scenario.facts)
    if count < LEAST_STAGES_AND_FACTS:
        reason = f"stages and facts together are {count}."
        yield "thin-case", Severity.WARNING, ("stages",), reason, f"Write at least {LEAST_STAGES_AND_FACTS}."


def _variants(scenario: Scenario) -> Iterator[Found]:
    for number, stage in enumerate(scenario.stages):
        for name in ("says", "stays"):
            group: Lines = getattr(stage, name)
            if len(group.every) < LEAST_VARIANTS:
                reason = f"{stage.id} has {len(group.every)} lines here."
                fix = f"Write at least {LEAST_VARIANTS} variants."
                yield "few-variants", Severity.WARNING, ("stages", number, name), reason, fix


def _length(scenario: Scenario) -> Iterator[Found]:
    for path, group in groups(scenario):
        for line in group.every:
            if len(line.text.zh) > LONGEST["zh"] or len(line.text.en.split()) > LONGEST["en"]:
                limits = f"{LONGEST['zh']} characters and {LONGEST['en']} words"
                fix = f"Keep a line within {limits}, or split it."
                yield "too-long-to-speak", Severity.WARNING, path, f"{line.id} is too long for one breath.", fix


def _register(scenario: Scenario) -> Iterator[Found]:
    for field in REGISTER:
        if field not in scenario.register:
            reason = f"the truth for the complaint register lacks {field}."
            yield "missing-register", Severity.ERROR, ("register",), reason, "Add it."


def _voices(scenario: Scenario) -> Iterator[Found]:
    for language in ("zh", "en"):
        if language not in scenario.persona.voice:
            path = ("persona", "voice")
            yield "missing-voice", Severity.ERROR, path, f"the customer has no {language} voice.", "Name one."


def groups(scenario: Scenario) -> Iterator[tuple[Path, Lines]]:
    """Every group of lines with its place in the file (shared ones follow the file's own)."""
    for number, stage in enumerate(scenario.stages):
        yield ("stages", number, "says"), stage.says
        yield ("stages", number, "stays"), stage.stays
    for path, way in _ways(scenario):
        if way.says:
            yield (*path, "says"), way.says
    for number, fact in enumerate(scenario.facts):
        yield ("facts", number, "says"), fact.says
    for number, reaction in enumerate(scenario.reactions):
        yield ("reactions", number, "says"), reaction.says
    for number, ending in enumerate(scenario.endings):
        yield ("endings", number, "says"), ending.says
