"""What a call leaves is removed, whatever it is."""

from __future__ import annotations

import os
from pathlib import Path

from toolreg.sandbox.backends.removal import remove


def test_folders_deeper_than_any_path_are_removed(tmp_path: Path) -> None:
    top, before = tmp_path / "top", os.getcwd()
    top.mkdir()
    try:
        os.chdir(top)
        for _ in range(3000):
            os.mkdir("folder")
            os.chdir("folder")
    finally:
        os.chdir(before)
    remove(str(top))
    assert not top.exists()


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    kept, top = tmp_path / "kept", tmp_path / "top"
    (kept / "deep").mkdir(parents=True)
    top.mkdir()
    (top / "link").symlink_to(kept)
    (top / "closed").mkdir()
    (top / "closed/file").write_text("x")
    (top / "closed").chmod(0)
    remove(str(top))
    assert not top.exists()
    assert (kept / "deep").is_dir()
