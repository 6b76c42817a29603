"""Settings: read once from the environment, typed, and refused at start when they are unsafe or make no sense."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from coach.errors import BadSettings

HERE = Path(__file__).resolve().parent.parent
LEAST_SECRET = 32  # characters
LEAST_DIFFERENT = 12  # characters; a random key has many more
_GUESSABLE = ("secret", "changeme", "change-me", "default", "development", "password")
_NUMBER = re.compile("[0-9]{1,9}")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Mode(StrEnum):
    """demo: one machine, demo people, plain HTTP on loopback. production: none of these."""

    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. `var` holds what the program writes; the other folders hold what people edit."""

    mode: Mode
    secret_key: str
    cookies_secure: bool
    database_url: str
    var: Path
    scenarios: Path
    rubrics: Path
    host: str
    port: int
    threads: int
    trusted_proxies: int
    voice_engine: str
    listen_engine: str
    speech_threads: int
    log_level: str

    @property
    def is_demo(self) -> bool:
        return self.mode is Mode.DEMO


def read_config(environ: Mapping[str, str] = os.environ, here: Path = HERE) -> Config:
    """The settings of `COACH_*` variables (docs/configuration.md). BadSettings names every problem at once."""
    problems: list[str] = []
    mode = Mode(_word(environ, "COACH_MODE", Mode.DEMO, tuple(Mode), problems))
    var = Path(environ.get("COACH_VAR") or here / "var").resolve()
    config = Config(
        mode=mode,
        secret_key=environ.get("COACH_SECRET_KEY", "") or (_own_secret(var, problems) if mode is Mode.DEMO else ""),
        cookies_secure=_flag(environ, "COACH_COOKIES_SECURE", mode is Mode.PRODUCTION, problems),
        database_url=environ.get("COACH_DATABASE_URL") or f"sqlite:///{var / 'coach.sqlite3'}",
        var=var,
        scenarios=Path(environ.get("COACH_SCENARIOS") or here / "scenarios"),
        rubrics=Path(environ.get("COACH_RUBRICS") or here / "rubrics"),
        host=environ.get("COACH_HOST", "127.0.0.1"),
        port=_number(environ, "COACH_PORT", 8000, range(1, 65536), problems),
        threads=_number(environ, "COACH_THREADS", 96, range(4, 513), problems),
        trusted_proxies=_number(environ, "COACH_TRUSTED_PROXIES", 0, range(5), problems),
        voice_engine=environ.get("COACH_VOICE_ENGINE", "kokoro,espeak"),
        listen_engine=environ.get("COACH_LISTEN_ENGINE", "faster-whisper"),
        speech_threads=_number(environ, "COACH_SPEECH_THREADS", 2, range(1, 65), problems),
        log_level=_word(environ, "COACH_LOG_LEVEL", "INFO", _LOG_LEVELS, problems, str.upper),
    )
    problems += _unsafe(config)
    if problems:
        raise BadSettings(" ".join(problems), problems=problems)
    return config


def _unsafe(config: Config) -> list[str]:
    if config.is_demo:
        loopback = config.host in ("127.0.0.1", "::1", "localhost")
        return [] if loopback else ["COACH_HOST: demo mode listens on this machine only; set COACH_MODE=production."]
    problems = []
    if _is_guessable(config.secret_key):
        problems.append(f"COACH_SECRET_KEY: set a random key of at least {LEAST_SECRET} characters.")
    if not config.cookies_secure:
        problems.append("COACH_COOKIES_SECURE: production needs Secure cookies; serve it through HTTPS.")
    return problems


def _is_guessable(key: str) -> bool:
    too_plain = len(key) < LEAST_SECRET or len(set(key)) < LEAST_DIFFERENT
    return too_plain or any(word in key.lower() for word in _GUESSABLE)


def _own_secret(var: Path, problems: list[str]) -> str:
    """The demo's own random key, made once and readable by its owner only."""
    path = var / "secret-key"
    try:
        if not _kept_secret(path):
            var.mkdir(mode=0o700, parents=True, exist_ok=True)
            _keep_secret(path)
        return _kept_secret(path)
    except OSError as error:
        problems.append(f"COACH_VAR: {var} cannot be written: {error.strerror}.")
        return ""


def _kept_secret(path: Path) -> str:
    """The key in the file, "" where there is none or what is left of one."""
    text = path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""
    return text if text.isascii() and len(text) >= LEAST_SECRET else ""


def _keep_secret(path: Path) -> None:
    """Whole or not at all, so that neither a crash nor a second start leaves half a key."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    draft.replace(path)


def _word(
    environ: Mapping[str, str],
    name: str,
    default: str,
    allowed: tuple[str, ...],
    problems: list[str],
    spelt: Callable[[str], str] = str,
) -> str:
    value = spelt(environ.get(name) or default)
    if value in allowed:
        return value
    problems.append(f"{name}: {value!r} is not one of {', '.join(allowed)}.")
    return default


def _flag(environ: Mapping[str, str], name: str, default: bool, problems: list[str]) -> bool:
    value = environ.get(name, "yes" if default else "no").lower()
    if value not in ("yes", "no"):
        problems.append(f"{name}: {value!r} is neither yes nor no.")
    return value == "yes"


def _number(environ: Mapping[str, str], name: str, default: int, allowed: range, problems: list[str]) -> int:
    value = environ.get(name, str(default))
    if not _NUMBER.fullmatch(value) or int(value) not in allowed:
        problems.append(f"{name}: {value[:40]!r} is not a number from {allowed.start} to {allowed.stop - 1}.")
        return default
    return int(value)
