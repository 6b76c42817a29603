"""Models are put together from packages, and only the right bytes ever stand under the final name."""

import hashlib

import pytest

from coach.errors import BadInput, BadSettings
from coach.speech.engines import LISTENING, SPEAKING, describe, open_listener, open_voice
from coach.speech.fakes import FakeListener, FakeVoice
from coach.speech.files import SpeechCommands
from coach.speech.models import Model, ModelMissing, Part, copy_once


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Two installed packages that hold half a model each."""
    for name, data in (("half_model_a", b"first half, "), ("half_model_b", b"second half")):
        (tmp_path / "site" / name).mkdir(parents=True)
        (tmp_path / "site" / name / "__init__.py").write_text("raise RuntimeError('must not be imported')")
        (tmp_path / "site" / name / "part.bin").write_bytes(data)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path / "site"


@pytest.fixture
def model():
    whole = b"first half, second half"
    parts = (Part("half_model_a", "part.bin"), Part("half_model_b", "part.bin"))
    return Model("sub/model.bin", parts, len(whole), hashlib.sha256(whole).hexdigest())


def test_parts_are_joined_once(model, packages, tmp_path):
    path = model.ensure(tmp_path / "models")
    assert path.read_bytes() == b"first half, second half"
    written = path.stat().st_mtime_ns
    assert model.ensure(tmp_path / "models").stat().st_mtime_ns == written


def test_a_damaged_model_is_joined_again(model, packages, tmp_path):
    model.ensure(tmp_path).write_bytes(b"first half, SECOND half")
    assert model.ensure(tmp_path).read_bytes() == b"first half, second half"


def test_packages_with_other_bytes_are_refused_and_leave_nothing(model, packages, tmp_path):
    (packages / "half_model_b" / "part.bin").write_bytes(b"evil half!!")
    with pytest.raises(ModelMissing, match="expected bytes"):
        model.ensure(tmp_path / "models")
    assert not list((tmp_path / "models").rglob("*.bin*"))


def test_a_package_that_is_not_installed_is_named(model, tmp_path):
    assert "half_model_a" in model.missing(tmp_path)
    with pytest.raises(ModelMissing, match="half_model_a, half_model_b"):
        model.ensure(tmp_path)


def test_an_assembled_model_needs_its_packages_no_more(model, packages, tmp_path, monkeypatch):
    model.ensure(tmp_path / "models")
    monkeypatch.undo()
    assert model.missing(tmp_path / "models") == ""


def test_small_files_are_copied_once(packages, tmp_path):
    part = Part("half_model_a", "part.bin")
    copy_once(part, tmp_path / "to" / "config.json")
    assert (tmp_path / "to" / "config.json").read_bytes() == b"first half, "
    copy_once(part, tmp_path / "to" / "config.json")
    assert [p.name for p in (tmp_path / "to").iterdir()] == ["config.json"]


def test_every_engine_is_described_with_what_is_missing(tmp_path):
    reports = {r.name: r for r in describe(tmp_path)}
    assert set(reports) == {*SPEAKING, *LISTENING}
    assert reports["kokoro"].missing
    assert reports["kokoro"].kind == "speaking"
    assert all(r.licence and r.languages for r in reports.values())


def test_an_engine_nobody_wrote_is_a_bad_setting(tmp_path):
    with pytest.raises(BadSettings, match="festival"):
        open_voice(tmp_path, tmp_path, engines=["festival"])
    with pytest.raises(BadSettings, match="sphinx"):
        open_listener(tmp_path, engine="sphinx")


def test_files_that_cannot_be_used_are_named_in_one_line(tmp_path):
    commands = SpeechCommands(FakeVoice, FakeListener, tmp_path)
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BadInput, match="cannot be written"):
        commands.say_to_file("hello", "en", "", tmp_path / "file" / "out.wav")
    with pytest.raises(BadInput, match=r"absent\.wav cannot be read"):
        commands.transcribe_file(tmp_path / "absent.wav", "en")


def test_commands_open_engines_only_when_asked(tmp_path):
    opened = []

    def voice():
        opened.append("voice")
        return FakeVoice()

    commands = SpeechCommands(voice, FakeListener, tmp_path)
    assert len(commands.describe()) == len(SPEAKING) + len(LISTENING)
    assert not opened
    commands.say_to_file("hello there", "en", "", tmp_path / "out.wav")
    assert commands.transcribe_file(tmp_path / "out.wav", "en")["text"] == "hello there"
    assert opened == ["voice"]
