"""The catalogues hold every sentence, in both scripts, and the tool that keeps them notices when they do not."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from tests.web.conftest import ROOT


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("translations_tool", ROOT / "tools" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalog(**sentences: str) -> Catalog:
    made = Catalog(locale="zh_Hans")
    for source, translation in sentences.items():
        made.add(source, translation, [("templates/a.html", 0)])
    return made


def test_sentences_of_code_and_templates_are_found(tool: Any) -> None:
    source = tool.extracted()
    assert source.get("Very hard words nobody wrote") is None
    for sentence in ("Log in", "We could not hear any words.", "Your password is changed.", "Nothing to look at yet"):
        assert source.get(sentence) is not None, sentence


def test_a_missing_or_unsure_translation_is_a_finding(tool: Any) -> None:
    some = catalog(Save="保存", Name="")
    some.get("Save").flags.add("fuzzy")
    assert len(tool.unfinished("zh_Hans", some)) == 2


def test_a_changed_sentence_is_new_and_never_guessed(tool: Any) -> None:
    new = tool.brought_up_to_date(catalog(**{"Save it": "保存"}), catalog(**{"Save it now": ""}))
    assert new.get("Save it now").string == ""
    assert len(tool.stale(catalog(**{"Save it now": ""}), catalog(**{"Save it": "保存"}))) == 2


def test_a_lost_placeholder_is_a_finding(tool: Any) -> None:
    assert tool.wrong_placeholders("zh_Hans", catalog(**{"Turn %(n)s": "第 n 轮"}))
    assert not tool.wrong_placeholders("zh_Hans", catalog(**{"Turn %(n)s": "第 %(n)s 轮"}))


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("请登录后查看这个页面。", "請登入後檢視這個頁面。"),
        ("又是“尽快”。", "又是「儘快」。"),
        ("快要挂断", "快要掛斷"),
        ("这个账号已停用", "這個帳號已停用"),
        ("第 %(n)s 轮", "第 %(n)s 輪"),
    ],
)
def test_traditional_chinese_is_derived_with_its_own_words_and_marks(tool: Any, hans: str, hant: str) -> None:
    assert tool.traditional(hans) == hant


def test_traditional_sentences_are_what_is_derived_or_overridden(tool: Any) -> None:
    hans, hant = tool.load(tool.HANS, "zh_Hans"), tool.load(tool.HANT, "zh_Hant")
    assert tool.against_derivation(hans, hant) == []
    assert tool.idle_overrides(hans) == []
