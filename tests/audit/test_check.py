"""With --check every tool runs too: in the sandbox, beside its own fixtures, in whichever process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toolreg.audit import AuditOptions, audit
from toolreg.audit.journal import read_rows
from toolreg.errors import SandboxUnavailable
from toolreg.sandbox import Sandbox

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["here", "processes:2"])
def test_tools_are_tried_with_their_fixtures(engine: str, tmp_path: Path) -> None:
    try:
        Sandbox()
    except SandboxUnavailable as error:
        pytest.skip(f"no sandbox here: {error}")
    (tmp_path / "tools").mkdir()
    for name in ("word_count.py", "table_profile.py"):
        shutil.copy(TOOLS / name, tmp_path / "tools" / name)
    shutil.copytree(TOOLS / "table_profile.files", tmp_path / "tools/table_profile.files")
    summary = audit(str(tmp_path / "tools"), tmp_path / "out", AuditOptions(check=True), engine_name=engine)
    profile, count = read_rows(tmp_path / "out/tools.jsonl")
    assert (summary.verdicts["APPROVED"], summary.exit_code()) == (2, 0), summary
    assert profile["observed"] == ["read:people.csv", "read:people.json"]
    assert (count["observed"], count["tried"], count["cases"]["failed"]) == ([], True, 0)
