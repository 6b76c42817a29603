"""Arrows point down, the core needs no web and no engine, and public functions say what they promise."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COACH = ROOT / "coach"
HEAVY = (
    "flask", "sqlalchemy", "werkzeug", "gunicorn", "onnxruntime", "ctranslate2", "faster_whisper", "torch", "pyttsx3",
    "speech_recognition", "av", "requests", "urllib3", "coach.web", "coach.store", "coach.speech", "coach.jobs",
)  # fmt: skip
CORE = (
    "coach", "coach.errors", "coach.domain", "coach.domain.scenario", "coach.domain.rehearsal", "coach.behaviours",
    "coach.rubrics.loader", "coach.scenarios.engine", "coach.scenarios.loader", "coach.scenarios.playtest",
    "coach.grading", "coach.practice.rehearse", "coach.practice.debrief", "coach.practice.progress",
    "coach.practice.voicing", "coach.coaching.desk", "coach.config", "coach.cli",
)  # fmt: skip


def _fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_contracts_of_the_imports_are_kept() -> None:
    # In a process of its own: import-linter switches off the loggers that exist, and other tests read logs.
    call = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_core_can_be_imported_bare() -> None:
    """Each module of the core in turn, in one fresh interpreter: none brings a web, a database or an engine along."""
    found = _fresh(
        "import sys, importlib\n"
        f"for name in {CORE!r}:\n"
        "    importlib.import_module(name)\n"
        f"    brought = [heavy for heavy in {HEAVY!r} if heavy in sys.modules]\n"
        "    if brought: print(name, brought)"
    )
    assert found == ""


def test_the_command_line_starts_without_engines() -> None:
    late = ("onnxruntime", "ctranslate2", "faster_whisper", "speech_recognition", "av")
    assert _fresh(f"import sys, coach.bootstrap\nprint([n for n in {late!r} if n in sys.modules])") == "[]"


def test_the_domain_needs_the_standard_library_only() -> None:
    imports = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else name.name.split(".")[0]
        for file in (COACH / "domain").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imports - {"coach"} <= sys.stdlib_module_names


# Names that say all there is to say: conditions, and plain conversions of what is in the name.
SPEAKING = (
    "is_", "may_", "has", "passed", "met", "mood", "within", "band", "say", "text", "scenario", "scenarios", "spoken",
)  # fmt: skip


@pytest.mark.parametrize("package", ["domain", "scenarios", "practice", "coaching"])
def test_public_functions_of_the_core_say_what_they_promise(package: str) -> None:
    silent = []
    for file in sorted((COACH / package).glob("*.py")):
        if file.stem == "ports":  # the types of a port's methods are a promise already
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{file.name} says nothing of itself"
        silent += [f"{file.stem}.{name}" for name, node in _public(tree) if not ast.get_docstring(node)]
    assert [name for name in silent if not name.split(".")[-1].startswith(SPEAKING)] == []


def _public(tree: ast.Module) -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    found.append((f"{node.name}.{part.name}", part))
    return found


def test_settings_are_read_in_one_place() -> None:
    """`os.environ` belongs to coach/config.py; speech workers set the variables of the libraries they start."""
    readers = [
        str(file.relative_to(COACH))
        for file in sorted(COACH.rglob("*.py"))
        if "os.environ" in (source := file.read_text(encoding="utf-8")) or "getenv(" in source
    ]
    assert [name for name in readers if not name.startswith("speech/")] == ["config.py"]
