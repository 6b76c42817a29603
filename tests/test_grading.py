"""The public face of grading, with the real reader: words in, verdicts and sentences out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach import grading
from coach.behaviours.reader import READER_VERSION
from coach.domain.language import Language, Text
from coach.domain.rubric import Assessment, StepVerdict
from coach.errors import BadInput, UnknownScenario
from coach.rubrics.loader import load_packs
from tests.rubrics.calls import call, pack_of, part, step
from tests.rubrics.stage import scenario

FOUR = load_packs(Path(__file__).parents[1] / "rubrics")["four-step"]

BROKEN_KETTLE = {
    "en": [
        ("customer", "My kettle came broken and nobody answers my mails!"),
        ("agent", "I'm so sorry your kettle arrived broken. That must be really frustrating."),
        ("customer", "It is. What now?"),
        ("agent", "I'll send you a replacement today and call you tomorrow by 6 pm to check it came."),
    ],
    "zh": [
        ("customer", "水壶送来就是碎的，给你们发消息也没人回！"),
        ("agent", "真的很抱歉，水壶送到您手里就是碎的。换作是我也会生气。"),
        ("customer", "现在怎么办？"),
        ("agent", "我今天就给您补发一个新的，明天下午六点前给您打电话确认收到没有。"),
    ],
}
RUDE = {
    "en": ("Are you stupid? You should have read the instructions.", "No. That's the policy."),
    "zh": ("你有病吧？您自己没看清楚说明，怪谁？", "不行，没办法，就是这个规定。"),
}
BIG_PROMISE = {
    "en": ("I want my money back.", "I will refund you £900 today."),
    "zh": ("我要退钱。", "我今天就给您退款九百元。"),
}
both_languages = pytest.mark.parametrize("lang", ["zh", "en"])


def kettle(lang: str) -> str:
    return document(*BROKEN_KETTLE[lang], lang=lang)


def rude_kettle(lang: str) -> str:
    turns, (first, second) = BROKEN_KETTLE[lang], RUDE[lang]
    return document(turns[0], ("agent", first), turns[2], ("agent", second), lang=lang)


def document(*turns: tuple[str, str], **more: object) -> str:
    given = {"lang": "en", "turns": [{"role": role, "text": text} for role, text in turns], **more}
    return json.dumps(given, ensure_ascii=False)


def test_the_grader_is_known_by_its_version_and_that_of_its_reader() -> None:
    assert READER_VERSION in grading.GRADER_VERSION
    assert grading.grade(call("remedy"), FOUR).grader == grading.GRADER_VERSION


@both_languages
def test_a_reply_is_read_with_the_words_that_show_it(lang: str) -> None:
    reply = BROKEN_KETTLE[lang][1][1]
    reading = grading.read_reply(reply, language=lang, customer_before=BROKEN_KETTLE[lang][0][1])
    behaviours: Any = grading.reading_to_json(reading)["behaviours"]
    sorry = next(b for b in behaviours if b["id"] == "apologise")
    assert set(sorry) == {"id", "verdict", "confidence", "evidence"}
    assert sorry["verdict"] in {"present", "unsure"}
    assert sorry["evidence"]
    for span in sorry["evidence"]:
        assert reply[span["start"] : span["end"]] == span["text"]


# ------------------------------------------------------------------------------------------------------ explanations


@pytest.fixture
def rough() -> Assessment:
    """Felt with the customer, apologised late, named no time, and passed the rest on."""
    return grading.grade(call("restate empathise", "explain remedy", "apologise shift_blame", "vague_time"), FOUR)


BETTER = {
    "apologise_specific": Text(
        "水壶碎着送到您手里，对不起", "I am sorry your kettle came in pieces", "水壺碎著送到您手裡，對不起"
    ),
    "timeframe": Text("明天下午三点前", "by three tomorrow", "明天下午三點前"),
    "own": Text("这件事我来跟到底", "I will see this through myself", "這件事我來跟到底"),
}


@pytest.mark.parametrize("language", list(Language))
def test_an_explanation_quotes_what_was_said_in_every_language(rough: Assessment, language: Language) -> None:
    told = grading.explain(rough, language)
    for result, explained in zip(rough.steps, told.steps, strict=True):
        sentences = " ".join(explained.sentences)
        assert explained.name == result.name.within(language)
        assert all(quote.text in sentences for quote in result.quotes[:1])
        assert explained.sentences, "a verdict without a reason helps nobody"
    assert any("reply 1" in sentence for sentence in told.strengths)
    assert any("reply 4" in sentence for sentence in told.faults)


def test_verdicts_have_the_words_of_the_guide(rough: Assessment) -> None:
    words = {language: {s.verdict for s in grading.explain(rough, language).steps} for language in Language}
    assert words[Language.EN] <= {"Met", "Partly", "Missed"}
    assert words[Language.ZH_HANS] <= {"达成", "部分达成", "未达成"}
    assert words[Language.ZH_HANT] <= {"達成", "部分達成", "未達成"}


def test_traditional_readers_see_no_simplified_frame_and_unchanged_quotes() -> None:
    transcript = call("empathise", language="zh")
    spoken = replace(transcript.utterances[1], text="这里听得见")
    behaviour = transcript.utterances[1].reading
    assert behaviour is not None
    evidence = replace(behaviour.behaviours[0].evidence[0], text="这里听得见")
    reading = replace(behaviour, behaviours=(replace(behaviour.behaviours[0], evidence=(evidence,)),))
    transcript = replace(transcript, utterances=(replace(spoken, reading=reading),))
    told = grading.explain(grading.grade(transcript, FOUR), Language.ZH_HANT)
    assert told.strengths[0] == "建立共鳴：第 1 輪您說「这里听得见」。"


def test_at_most_three_strengths_and_no_words_are_praised_twice() -> None:
    whole = grading.grade(
        call("restate empathise invite", "apologise apologise_specific", "remedy timeframe follow_up prevent"), FOUR
    )
    strengths = grading.explain(whole, Language.EN).strengths
    assert len(strengths) == 3
    assert len({sentence.split("“")[1] for sentence in strengths}) == 3


def test_the_one_thing_to_work_on_is_where_most_was_lost(rough: Assessment) -> None:
    told = grading.explain(rough, Language.EN, scenario=scenario(better=BETTER))
    lost = {s.id: s.weight * (1 - s.score) for s in rough.steps}
    assert told.first is not None
    assert (told.first.kind, told.first.id) == ("step", max(lost, key=lambda id: lost[id]))
    assert "Work on" in told.first.sentence


def test_a_critical_error_comes_before_everything_else() -> None:
    told = grading.explain(grading.grade(call("apologise", "rude"), FOUR), Language.ZH_HANS)
    assert told.first is not None
    assert (told.first.kind, told.first.id, told.first.turn) == ("critical", "insult", 2)
    assert "reply 2" in told.critical[0]
    assert told.summary == FOUR.critical[0].because.zh


def test_a_fault_that_cost_most_is_the_one_thing() -> None:
    from coach.domain.rubric import FaultRule

    pack = pack_of(step("s", part("remedy")), faults=(FaultRule("vague_time", 9, 9),))
    told = grading.explain(
        grading.grade(call("remedy", "vague_time"), pack), Language.EN, scenario=scenario(better=BETTER)
    )
    assert told.first is not None
    assert (told.first.kind, told.first.id, told.first.turn) == ("fault", "vague_time", 2)
    assert [b.text for b in told.first.better] == ["by three tomorrow"]


def test_what_spoiled_a_step_is_mended_before_what_was_missing() -> None:
    assessment = grading.grade(call("shift_blame"), FOUR)
    told = grading.explain(assessment, Language.EN, scenario=scenario(better=BETTER))
    assert told.first is not None
    assert (told.first.id, told.first.turn) == ("solve", 1)
    assert [b.behaviour for b in told.first.better] == ["own", "timeframe"]


def test_nothing_to_work_on_when_nothing_was_lost() -> None:
    whole = grading.grade(call("remedy"), pack_of(step("s", part("remedy"))))
    told = grading.explain(whole, Language.EN)
    assert told.first is None
    assert told.summary == "This call does what the method asks for."


@pytest.mark.parametrize(
    ("language", "words"), [(Language.EN, "by three tomorrow"), (Language.ZH_HANT, "明天下午三點前")]
)
def test_better_wording_comes_from_the_case(rough: Assessment, language: Language, words: str) -> None:
    told = grading.explain(rough, language, scenario=scenario(better=BETTER))
    assert {b.behaviour: b.text for b in told.better}["timeframe"] == words
    assert "apologise_specific" in {b.behaviour for b in told.better}
    assert grading.explain(rough, language).better == ()


def test_doubt_is_told_as_doubt() -> None:
    pack = pack_of(step("s", part("empathise")))
    assessment = grading.grade(call("empathise?"), pack)
    told = grading.explain(assessment, Language.ZH_HANS)
    assert told.steps[0].verdict == "拿不准"
    assert "reply 1" in told.steps[0].sentences[0]
    assert told.first is None, "doubt is no fault of the trainee's"
    assert told.strengths == ()


def test_a_step_not_rated_says_so() -> None:
    pack = pack_of(step("a", part("remedy")), step("b", part("thank"), demanded_by=frozenset({"thank"})))
    assessment = grading.grade(call("remedy"), pack, scenario=scenario(trains=("remedy",)))
    told = grading.explain(assessment, Language.EN).steps[1]
    assert (told.verdict, told.sentences) == ("Not rated", ("This case does not call for it, so it is not counted.",))


# ---------------------------------------------------------------------------------------------------------- documents


@both_languages
def test_a_transcript_is_graded_as_documented(lang: str) -> None:
    graded: Any = grading.grade_document(kettle(lang), FOUR, {})
    assert {"steps", "faults", "critical", "total", "rubric_hash", "grader_version", "passed"} <= set(graded)
    assert graded["rubric_hash"] == FOUR.hash
    assert [s["id"] for s in graded["steps"]] == [s.id for s in FOUR.steps]
    assert {s["verdict"] for s in graded["steps"]} <= {v.value for v in StepVerdict}
    said = [text for role, text in BROKEN_KETTLE[lang] if role == "agent"]
    evidence = [e for s in graded["steps"] for e in s["evidence"]]
    assert evidence
    for quote in evidence:
        assert said[quote["turn"] - 1][quote["start"] : quote["end"]] == quote["text"]
    assert json.loads(json.dumps(graded)) == graded


@both_languages
def test_a_calm_call_is_worth_more_than_a_rude_one(lang: str) -> None:
    calm: Any = grading.grade_document(kettle(lang), FOUR, {})
    rude: Any = grading.grade_document(rude_kettle(lang), FOUR, {})
    assert calm["total"] > rude["total"] + 30
    assert not rude["passed"]
    assert rude["faults"]


@both_languages
def test_with_a_scenario_promises_beyond_its_authority_are_noticed(lang: str) -> None:
    case = scenario(trains=("remedy",), refund=50)
    asked, promised = BIG_PROMISE[lang]
    text = document(("customer", asked), ("agent", promised), scenario="late-kettle", lang=lang)
    graded: Any = grading.grade_document(text, FOUR, {"late-kettle": case})
    assert [c["id"] for c in graded["critical"]] == ["beyond-authority"]
    assert graded["scenario"] == "late-kettle"


def test_signals_may_come_with_the_turns() -> None:
    turns = [
        {"role": "customer", "text": "Money!"},
        {"role": "agent", "text": "Of course.", "signals": ["beyond_authority"]},
    ]
    graded: Any = grading.grade_document(json.dumps({"lang": "en", "turns": turns}), FOUR, {})
    assert graded["critical"][0]["evidence"][0]["text"] == "Of course."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON: .* line 1, column 2"),
        ("", "not JSON"),
        ("[" * 200_000, "not JSON that can be read"),
        ("[1]", "the transcript: must be a JSON object"),
        ('{"turns": []}', '"lang" is missing'),
        ('{"lang": "fr", "turns": []}', 'there is no language "fr"'),
        ('{"lang": 7, "turns": []}', '"lang" must be'),
        ('{"lang": "en"}', '"turns" is missing'),
        ('{"lang": "en", "turns": {}}', '"turns" must be a list'),
        ('{"lang": "en", "turns": []}', "nothing to grade"),
        ('{"lang": "en", "turns": ["hello"]}', "turn 1: must be a JSON object"),
        (document(("agent", "Hello.")), "no turn of the customer"),
        (document(("customer", "Hello?")), "no turn of the agent"),
        (document(("customer", "Hello?"), ("bot", "Hi")), 'turn 2: there is no role "bot"'),
        (document(("customer", "Hello?"), ("agent", " ")), 'turn 2: "text" is empty'),
        ('{"lang": "en", "turns": [{"role": "agent"}]}', 'turn 1: "text" is missing'),
        ('{"lang": "en", "turns": [{"role": "agent", "text": 1}]}', 'turn 1: "text" must be text'),
        ('{"lang": "en", "turns": [{"text": "x"}]}', 'turn 1: "role" is missing'),
        ('{"lang": "en", "turns": [{"role": "agent", "text": "\\ud800"}]}', "half a character"),
        ('{"lang": "en", "turns": [{"role": "agent", "text": "a", "signals": ["x"]}]}', 'there is no signal "x"'),
        ('{"lang": "en", "scenario": 1, "turns": []}', '"scenario" must be text'),
    ],
)
def test_a_transcript_that_cannot_be_graded_says_why_and_where(text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        grading.grade_document(text, FOUR, {})
    assert "\n" not in str(refused.value)


def test_an_unknown_scenario_is_named() -> None:
    with pytest.raises(UnknownScenario, match="no-such"):
        grading.grade_document(document(("agent", "x"), scenario="no-such"), FOUR, {})


def test_lines_are_read_one_by_one_in_order() -> None:
    lines = [
        '\ufeff{"id": "a", "lang": "en", "agent_reply": "I am so sorry about that."}\n',
        "\n",
        '{"id": 2, "customer_before": null, "agent_reply": "您好，真的很抱歉。", "lang": "zh-Hans", "extra": 1}\n',
        '{"id": "c", "agent_reply": ""}\n',
    ]
    read = [json.loads(line) for line in grading.read_lines(lines)]
    assert [set(line) for line in read] == [{"id", "behaviours"}] * 3
    assert [line["id"] for line in read] == ["a", 2, "c"]
    assert all("apologise" in {b["id"] for b in line["behaviours"]} for line in read[:2])
    assert read[2]["behaviours"] == []


def test_chinese_is_written_as_chinese() -> None:
    (line,) = grading.read_lines(['{"id": "问", "agent_reply": "非常抱歉"}'])
    assert "抱歉" in line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: not JSON"),
        ('"x"', "line 2: must be a JSON object"),
        ('{"agent_reply": "x"}', 'line 2: "id" is missing'),
        ('{"id": [], "agent_reply": "x"}', 'line 2: "id" must be text or a whole number'),
        ('{"id": 1}', 'line 2: "agent_reply" is missing'),
        ('{"id": 1, "agent_reply": 5}', 'line 2: "agent_reply" must be text'),
        ('{"id": 1, "agent_reply": "x", "lang": "xx"}', 'line 2: there is no language "xx"'),
        ('{"id": 1, "agent_reply": "x", "customer_before": 5}', 'line 2: "customer_before" must be text'),
    ],
)
def test_a_bad_line_is_named_after_the_good_ones_were_answered(line: str, reason: str) -> None:
    answers = grading.read_lines(['{"id": 1, "agent_reply": "x"}', line])
    assert json.loads(next(answers))["id"] == 1
    with pytest.raises(BadInput, match=reason):
        next(answers)
