"""Settings: read once from the environment, typed, and refused at start when they are unsafe or make no sense."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from coach.errors import BadSettings

HERE = Path(__file__).resolve().parent.parent
LEAST_SECRET = 32  # characters
_WEAK_SECRETS = ("secret", "changeme", "change-me", "default", "dev", "development", "password")


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
    listen_model: str
    speech_threads: int
    log_level: str

    @property
    def is_demo(self) -> bool:
        return self.mode is Mode.DEMO


def read_config(environ: Mapping[str, str] = os.environ, here: Path = HERE) -> Config:
    """The settings of `COACH_*` variables (docs/configuration.md). BadSettings names every problem at once."""
    problems: list[str] = []
    mode = _word(environ, "COACH_MODE", Mode.DEMO, {m.value: m for m in Mode}, problems)
    var = Path(environ.get("COACH_VAR", here / "var")).resolve()
    config = Config(
        mode=mode,
        secret_key=environ.get("COACH_SECRET_KEY", "") or (_own_secret(var) if mode is Mode.DEMO else ""),
        cookies_secure=_flag(environ, "COACH_COOKIES_SECURE", mode is Mode.PRODUCTION, problems),
        database_url=environ.get("COACH_DATABASE_URL", f"sqlite:///{var / 'coach.sqlite3'}"),
        var=var,
        scenarios=Path(environ.get("COACH_SCENARIOS", here / "scenarios")),
        rubrics=Path(environ.get("COACH_RUBRICS", here / "rubrics")),
        host=environ.get("COACH_HOST", "127.0.0.1"),
        port=_number(environ, "COACH_PORT", 8000, range(1, 65536), problems),
        threads=_number(environ, "COACH_THREADS", 64, range(4, 513), problems),
        trusted_proxies=_number(environ, "COACH_TRUSTED_PROXIES", 0, range(5), problems),
        voice_engine=environ.get("COACH_VOICE_ENGINE", "kokoro,espeak"),
        listen_engine=environ.get("COACH_LISTEN_ENGINE", "faster-whisper"),
        listen_model=environ.get("COACH_LISTEN_MODEL", "base"),
        speech_threads=_number(environ, "COACH_SPEECH_THREADS", 2, range(1, 65), problems),
        log_level=environ.get("COACH_LOG_LEVEL", "INFO").upper(),
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
    if len(config.secret_key) < LEAST_SECRET or config.secret_key.lower().strip("!1") in _WEAK_SECRETS:
        problems.append(f"COACH_SECRET_KEY: set a random key of at least {LEAST_SECRET} characters.")
    if not config.cookies_secure:
        problems.append("COACH_COOKIES_SECURE: production needs Secure cookies; serve it through HTTPS.")
    return problems


def _own_secret(var: Path) -> str:
    """The demo's own random key, made once and readable by its owner only."""
    path = var / "secret-key"
    if not path.exists():
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _word(
    environ: Mapping[str, str], name: str, default: Mode, allowed: Mapping[str, Mode], problems: list[str]
) -> Mode:
    value = environ.get(name, default.value)
    if value not in allowed:
        problems.append(f"{name}: {value!r} is not one of {', '.join(allowed)}.")
    return allowed.get(value, default)


def _flag(environ: Mapping[str, str], name: str, default: bool, problems: list[str]) -> bool:
    value = environ.get(name, "yes" if default else "no").lower()
    if value not in ("yes", "no"):
        problems.append(f"{name}: {value!r} is neither yes nor no.")
    return value == "yes"


def _number(environ: Mapping[str, str], name: str, default: int, allowed: range, problems: list[str]) -> int:
    value = environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) not in allowed:
        problems.append(f"{name}: {value!r} is not a number from {allowed.start} to {allowed.stop - 1}.")
        return default
    return int(value)
