"""`hf toolreg`: the extension, installed by hf's own code and run by the real hf."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from toolreg import __version__

EXTENSION = Path(__file__).parents[1] / "integrations/hf-toolreg"
BIN = Path(sys.executable).parent
extensions = pytest.importorskip(
    "huggingface_hub.cli.extensions", reason="this huggingface_hub has no extensions"
)
pytestmark = pytest.mark.skipif(not (BIN / "hf").exists(), reason="needs the hf command")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which hf has the extension, as `hf extensions install` leaves it."""
    folder = tmp_path / ".local/share/hf/extensions/hf-toolreg"
    binary = (EXTENSION / "hf-toolreg").read_bytes()
    path = extensions._install_binary_extension(extension_dir=folder, short_name="toolreg", binary=binary)
    extensions.ExtensionManifest(
        "smolagents-toolreg",
        "hf-toolreg",
        "smolagents-toolreg/hf-toolreg",
        "toolreg",
        str(path),
        "binary",
        datetime.now(UTC),
    ).save(folder)
    return tmp_path


def hf(home: Path, *arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    env = {
        "HOME": str(home),
        "PATH": path,
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_OFFLINE": "1",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [str(BIN / "hf"), *arguments], env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_hf_hands_its_words_to_toolreg_and_gives_its_exit_code(home: Path, tmp_path: Path) -> None:
    path = f"{BIN}{os.pathsep}/usr/bin{os.pathsep}/bin"
    version = hf(home, "toolreg", "--version", path=path)
    assert __version__ in version.stdout, version.stderr
    tool = tmp_path / "bad.py"
    tool.write_text("from smolagents import tool\n\n@tool\ndef a(n: int) -> int:\n    return n\n")
    assert hf(home, "toolreg", "lint", str(tool), path=path).returncode == 1


def test_without_toolreg_it_says_what_to_install(home: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for program in ("sh", "env"):
        (bare / program).symlink_to(shutil.which(program) or "/bin/sh")
    said = hf(home, "toolreg", "lint", path=str(bare))
    assert (said.returncode, said.stderr.splitlines()[-1]) == (3, "hint: pip install smolagents-toolreg")
