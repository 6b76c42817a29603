"""Settings that are unsafe or make no sense are refused at start, all of them at once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from coach.config import Config, Mode, read_config
from coach.errors import BadSettings

GOOD_SECRET = "mGq3yT0v9ZkX1cRw7LhB5uNfS8dJ2aPe"
SAFE = {"COACH_MODE": "production", "COACH_SECRET_KEY": GOOD_SECRET}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path


def problems(environ: dict[str, str], here: Path) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        read_config({"COACH_VAR": str(here / "var"), **environ}, here)
    assert "\n" not in str(refused.value)
    found = refused.value.details["problems"]
    assert isinstance(found, list)
    return found


def test_nothing_set_is_the_demo_on_this_machine_only(here: Path) -> None:
    config = read_config({}, here)
    assert config.is_demo
    assert (config.host, config.port, config.cookies_secure) == ("127.0.0.1", 8000, False)
    assert config.var == here / "var"
    assert config.scenarios == here / "scenarios"
    assert config.database_url == f"sqlite:///{here / 'var' / 'coach.sqlite3'}"


def test_the_demo_makes_a_random_key_once_that_only_its_owner_can_read(here: Path) -> None:
    first, again = read_config({}, here), read_config({}, here)
    kept = here / "var" / "secret-key"
    assert first.secret_key == again.secret_key == kept.read_text()
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert read_config({"COACH_VAR": str(here / "other")}, here).secret_key != first.secret_key


@pytest.mark.parametrize("left_behind", ["", "\n", "\u00fc"])
def test_a_key_file_that_holds_no_key_is_made_again(here: Path, left_behind: str) -> None:
    kept = here / "var" / "secret-key"
    kept.parent.mkdir()
    kept.write_text(left_behind)
    assert len(read_config({}, here).secret_key) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_one_plain_problem(here: Path) -> None:
    in_the_way = here / "file"
    in_the_way.write_text("")
    assert "COACH_VAR" in problems({"COACH_VAR": str(in_the_way / "var")}, here)[0]


def test_production_with_a_good_key_starts(here: Path) -> None:
    config = read_config(SAFE, here)
    assert config.mode is Mode.PRODUCTION
    assert config.cookies_secure
    assert not (here / "var").exists()


@pytest.mark.parametrize(
    "key", ["", "short", "secret", "a" * 40, " " * 40, "changeme" * 5, "change-me-please-this-is-the-default-secret"]
)  # fmt: skip
def test_production_refuses_a_missing_short_or_guessable_key(here: Path, key: str) -> None:
    assert [p.split(":")[0] for p in problems({**SAFE, "COACH_SECRET_KEY": key}, here)] == ["COACH_SECRET_KEY"]


def test_production_refuses_cookies_that_travel_in_the_open(here: Path) -> None:
    assert [p.split(":")[0] for p in problems({**SAFE, "COACH_COOKIES_SECURE": "no"}, here)] == ["COACH_COOKIES_SECURE"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "coach.example.com", ""])
def test_the_demo_refuses_to_listen_to_the_world(here: Path, host: str) -> None:
    assert problems({"COACH_HOST": host}, here)[0].startswith("COACH_HOST")
    assert read_config({**SAFE, "COACH_HOST": host}, here).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_demo_listens_on_loopback(here: Path, host: str) -> None:
    assert read_config({"COACH_HOST": host}, here).host == host


@pytest.mark.parametrize("name", ["COACH_PORT", "COACH_THREADS", "COACH_TRUSTED_PROXIES", "COACH_SPEECH_THREADS"])
@pytest.mark.parametrize("value", ["many", "-1", "1.5", "70000", "", "８０", "1e3", " 8", "9" * 5000])
def test_numbers_are_numbers_within_reason(here: Path, name: str, value: str) -> None:
    assert [p.split(":")[0] for p in problems({name: value}, here)] == [name]


@pytest.mark.parametrize(
    ("name", "value"), [("COACH_MODE", "debug"), ("COACH_COOKIES_SECURE", "maybe"), ("COACH_LOG_LEVEL", "loud")]
)
def test_words_are_words_it_knows(here: Path, name: str, value: str) -> None:
    assert [p.split(":")[0] for p in problems({name: value}, here)] == [name]


def test_every_problem_is_told_at_once(here: Path) -> None:
    everything = {
        "COACH_MODE": "production", "COACH_PORT": "x", "COACH_THREADS": "0", "COACH_COOKIES_SECURE": "no",
        "COACH_SECRET_KEY": "secret",
    }  # fmt: skip
    told = " ".join(problems(everything, here))
    assert [name for name in everything if name not in told] == ["COACH_MODE"]


def test_a_setting_that_is_set_to_nothing_is_not_set(here: Path) -> None:
    config = read_config({"COACH_VAR": "", "COACH_SCENARIOS": "", "COACH_RUBRICS": "", "COACH_DATABASE_URL": ""}, here)
    assert config == read_config({}, here)


def test_settings_are_values(here: Path) -> None:
    config = read_config({**SAFE, "COACH_PORT": "9001", "COACH_LOG_LEVEL": "debug"}, here)
    assert isinstance(config, Config)
    assert (config.port, config.log_level) == (9001, "DEBUG")
