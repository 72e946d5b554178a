"""requirements.lock, made and installed by the real pip from a folder of wheels, without any network."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from toolreg.bundle import Requirement
from toolreg.bundle.lock import lock_text, read_report
from toolreg.errors import UsageError

PIP = (
    [sys.executable, "-m", "pip"]
    if importlib.util.find_spec("pip")
    else [found] if (found := shutil.which("pip") or shutil.which("pip3")) else []
)  # fmt: skip


def wheel(folder: Path, name: str, version: str, needs: str = "") -> None:
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}.py": f"VERSION = '{version}'\n",
        f"{info}/METADATA": metadata + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def pip(*words: str, wheels: Path) -> subprocess.CompletedProcess[str]:
    command = [*PIP, "install", "--isolated", "--no-index", "--find-links", str(wheels), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "tinyone", "1.2", "tinytwo>=2")
    wheel(folder, "tinytwo", "2.0")
    return folder


def report(wheels: Path, folder: Path) -> Path:
    (folder / "requirements.txt").write_text("tinyone==1.2\n")
    path = folder / "report.json"
    words = ["--dry-run", "--ignore-installed", "--report", str(path), "-r", str(folder / "requirements.txt")]
    done = pip(*words, wheels=wheels)
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.skipif(not PIP, reason="no pip on this machine")
def test_pip_installs_the_lock_with_hashes_and_refuses_another_file(wheels: Path, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_bytes(lock_text(read_report(str(report(wheels, tmp_path))), [Requirement("tinyone", "1.2")]))
    assert [line.split("==")[0] for line in lock.read_text().splitlines()] == ["tinyone", "tinytwo"]
    done = pip("--require-hashes", "--target", str(tmp_path / "site"), "-r", str(lock), wheels=wheels)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "tinytwo.py").read_text() == "VERSION = '2.0'\n"

    with zipfile.ZipFile(wheels / "tinytwo-2.0-py3-none-any.whl", "a") as archive:
        archive.writestr("more.py", "")
    done = pip("--require-hashes", "--target", str(tmp_path / "other"), "-r", str(lock), wheels=wheels)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


@pytest.mark.skipif(not PIP, reason="no pip on this machine")
def test_a_report_of_other_requirements_is_refused(wheels: Path, tmp_path: Path) -> None:
    told = read_report(str(report(wheels, tmp_path)))
    with pytest.raises(UsageError, match=r"of other requirements: it lacks tinyone==1\.3"):
        lock_text(told, [Requirement("tinyone", "1.3")])
    assert lock_text(told, [Requirement("absent", optional=True), Requirement("tinytwo")])


def test_without_a_report_the_hint_says_how_to_make_one_without_network(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_report(str(tmp_path / "absent.json"))
    assert "--no-index --find-links" in caught.value.hint
    with pytest.raises(UsageError, match="lists no installation"):
        lock_text(json.loads("{}"))
