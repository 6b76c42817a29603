"""What the voices are told to pronounce. Real dictionaries, no model."""

import pytest

from coach.speech import espeak_phonemes, phonemes
from coach.speech.espeak_phonemes import NoPhonemes

pytest.importorskip("misaki", reason="misaki is not installed")
pytest.importorskip("espeakng_loader", reason="espeakng-loader is not installed")


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    phonemes.use_cache(tmp_path_factory.mktemp("jieba"))


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("我得投诉", "dei3"),
        ("还得等多久", "dei3"),
        ("我得到了", "de2"),
        ("还我钱", "huan2"),
        ("把钱还给我", "huan2"),
        ("还有", "hai2"),
        ("等了太长时间", "chang2"),
        ("银行", "hang2"),
    ],
)
def test_characters_with_several_readings(text, pinyin):
    from misaki.zh import ZHG2P

    assert ZHG2P.py2ipa(pinyin).replace(chr(0x32F), "") in phonemes.chinese(text).replace(" ", "")


def test_both_scripts_sound_the_same():
    assert phonemes.chinese("後臺說訂單還沒處理，請您稍後") == phonemes.chinese("后台说订单还没处理，请您稍后")


def test_numbers_in_chinese_are_words():
    assert phonemes.chinese("等了12天") == phonemes.chinese("等了十二天")


def test_the_speaker_is_never_swallowed():
    """espeak leaves "I" without stress, and the voice then drops it."""
    assert phonemes.english("I have called").startswith("ˌI ")


def test_accents_differ():
    assert "O" in phonemes.english("nobody")
    assert "Q" in phonemes.english("nobody", british=True)


def test_punctuation_makes_pauses():
    said = phonemes.english('No, (really) "no". Do it now!')
    assert [c for c in said if c in ",.!"] == [",", ",", ",", ".", "!"]


def test_latin_words_in_chinese_are_spoken():
    assert "ai" in phonemes.chinese("我的WiFi坏了")


def test_without_the_plug_in_latin_letters_are_still_named(monkeypatch):
    def missing():
        raise NoPhonemes("not installed")

    monkeypatch.setattr(phonemes, "english_ipa", missing)
    assert phonemes.chinese("我是VIP") == phonemes.chinese("我是维艾屁")
    with pytest.raises(NoPhonemes):
        phonemes.english("hello")


def test_the_plug_in_is_one_per_process():
    assert espeak_phonemes.english_ipa() is espeak_phonemes.english_ipa()
