"""Values of the call floor: languages, who may see whose work, and what a reading shows."""

from __future__ import annotations

import pytest

from coach.domain.behaviour import ACTS, BEHAVIOURS, FAULTS, Certainty
from coach.domain.language import Language, Text
from coach.domain.people import Role
from coach.domain.rubric import StepVerdict
from tests.builders import person, reading


class TestLanguages:
    @pytest.mark.parametrize(
        ("tag", "language"),
        [
            ("zh", Language.ZH_HANS), ("zh-CN", Language.ZH_HANS), ("zh_Hans_TW", Language.ZH_HANS),
            ("ZH-hans", Language.ZH_HANS), ("zh-Hant", Language.ZH_HANT), ("zh-TW", Language.ZH_HANT),
            ("zh_HK", Language.ZH_HANT), ("zh-mo", Language.ZH_HANT), ("zh-Hant-CN", Language.ZH_HANT),
            ("en", Language.EN), ("en-GB", Language.EN), ("EN_us", Language.EN),
        ],
    )  # fmt: skip
    def test_tags_of_browsers_and_files(self, tag: str, language: Language) -> None:
        assert Language.of(tag) is language

    @pytest.mark.parametrize("tag", ["", "fr", "english", "z", "-", "tw", "*"])
    def test_other_tags_are_refused(self, tag: str) -> None:
        with pytest.raises(ValueError, match="no such language"):
            Language.of(tag)

    def test_calls_are_spoken_in_two_languages(self) -> None:
        assert [language.spoken for language in Language] == ["zh", "zh", "en"]

    def test_a_sentence_in_each_script(self) -> None:
        written, derived = Text("水壶", "kettle", "水壺"), Text("水", "water")
        assert [written.within(language) for language in Language] == ["水壶", "水壺", "kettle"]
        assert derived.within(Language.ZH_HANT) == "水"


class TestPeople:
    alice = person(1, trains=[10])
    bob = person(2, trains=[20])

    def test_one_sees_ones_own_work_and_no_other_trainees(self) -> None:
        assert self.alice.may_see_work_of(self.alice)
        assert not self.alice.may_see_work_of(self.bob)

    def test_a_mentor_sees_the_teams_that_are_theirs(self) -> None:
        mia = person(3, roles="mentor", mentors=[10, 30])
        assert mia.may_see_work_of(self.alice)
        assert not mia.may_see_work_of(self.bob)

    def test_a_team_without_the_role_gives_nothing(self) -> None:
        for role in ("trainee", "qa"):
            assert not person(3, roles=role, mentors=[10]).may_see_work_of(self.alice)

    def test_a_mentor_of_no_team_sees_nobody_and_people_in_no_team_are_seen_by_nobody(self) -> None:
        assert not person(3, roles="mentor").may_see_work_of(self.alice)
        assert not person(3, roles="mentor", mentors=[10]).may_see_work_of(person(4))

    def test_an_admin_sees_everything(self) -> None:
        ada = person(5, roles="admin")
        assert ada.may_see_work_of(self.bob)
        assert ada.has(Role.ADMIN)
        assert not ada.has(Role.MENTOR)


class TestReadings:
    def test_the_codebook_has_thirty_two_behaviours(self) -> None:
        assert len(BEHAVIOURS) == len(set(BEHAVIOURS)) == 32
        assert (*ACTS, *FAULTS) == BEHAVIOURS

    def test_what_is_unsure_is_found_but_not_present(self) -> None:
        found = reading("I am sorry", "apologise own?")
        assert found.present == {"apologise"}
        own = found.find("own")
        assert own is not None
        assert (own.verdict, own.is_present) == (Certainty.UNSURE, False)
        assert found.find("rude") is None


def test_verdicts_keep_their_names() -> None:
    """They are in saved assessments and in scripts of others."""
    assert [verdict.value for verdict in StepVerdict] == ["met", "partly", "missed", "unsure", "not-rated"]
