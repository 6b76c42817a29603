"""Speaking and listening for tests; the real engines only where their models are installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach.speech.engines import LISTENING, SPEAKING, open_listener, open_voice

MODELS = Path(os.environ.get("COACH_TEST_MODELS", Path(__file__).resolve().parents[2] / "var" / "models"))


def pytest_configure(config):
    config.addinivalue_line("markers", "speech: runs the real speech engines and models")


def _or_skip(reason):
    if reason:
        pytest.skip(f"real speech engine not available: {reason}")


@pytest.fixture(scope="session")
def real_voice(tmp_path_factory):
    """Kokoro, for all tests of a run."""
    _or_skip(SPEAKING["kokoro"].missing(MODELS))
    voice = open_voice(tmp_path_factory.mktemp("lines"), MODELS)
    yield voice
    voice.close()


@pytest.fixture(scope="session")
def espeak_voice(tmp_path_factory):
    """espeak alone."""
    _or_skip(SPEAKING["espeak"].missing(MODELS))
    voice = open_voice(tmp_path_factory.mktemp("lines"), MODELS, engines=["espeak"])
    yield voice
    voice.close()


@pytest.fixture(scope="session")
def real_listener():
    """Whisper, for all tests of a run."""
    _or_skip(LISTENING["faster-whisper"].missing(MODELS))
    listener = open_listener(MODELS)
    yield listener
    listener.close()
