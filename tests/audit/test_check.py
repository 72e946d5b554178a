"""With --check every tool runs too: in the sandbox, beside its own fixtures, in whichever process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toolreg.audit import AuditOptions, Item, audit, judge
from toolreg.audit.journal import read_rows
from toolreg.errors import SandboxUnavailable
from toolreg.sandbox import Sandbox

TOOLS = Path(__file__).parents[2] / "tools"


def _or_skip() -> None:
    try:
        Sandbox()
    except SandboxUnavailable as error:
        pytest.skip(f"no sandbox here: {error}")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["here", "processes:2"])
def test_tools_are_tried_with_their_fixtures(engine: str, tmp_path: Path) -> None:
    _or_skip()
    (tmp_path / "tools").mkdir()
    for name in ("word_count.py", "table_profile.py"):
        shutil.copy(TOOLS / name, tmp_path / "tools" / name)
    shutil.copytree(TOOLS / "table_profile.files", tmp_path / "tools/table_profile.files")
    summary = audit(str(tmp_path / "tools"), tmp_path / "out", AuditOptions(check=True), engine_name=engine)
    profile, count = read_rows(tmp_path / "out/tools.jsonl")
    assert (summary.verdicts["APPROVED"], summary.exit_code()) == (2, 0), summary
    assert profile["observed"] == ["read:people.csv", "read:people.json"]
    assert (count["observed"], count["tried"], count["cases"]["failed"]) == ([], True, 0)
    assert count["cases"]["played"]["examples"] == [3, 3]


def test_the_budget_decides_what_is_played_and_names_the_judgement() -> None:
    _or_skip()
    item = Item("word_count.py", (TOOLS / "word_count.py").read_bytes())
    little, much = AuditOptions(check=True, seconds=1e-6), AuditOptions(check=True, seconds=20.0)
    rows = [judge(item, options).tools[0]["cases"]["played"] for options in (little, much)]
    assert rows[0]["days"][0] < rows[0]["days"][1] == rows[1]["days"][0]
    assert item.key(little.digest) != item.key(much.digest)
    assert AuditOptions(seconds=1e-6).digest == AuditOptions(seconds=20.0).digest


def test_what_speaks_against_a_tool_is_found_in_a_survey_too() -> None:
    _or_skip()
    late = "    import time\n    if time.localtime().tm_year > 2026:\n        open('/etc/hostname')\n    if not 0 <="
    text = (TOOLS / "word_count.py").read_text().replace("    if not 0 <=", late)
    row = judge(Item("word_count.py", text.encode()), AuditOptions(check=True)).tools[0]
    assert row["verdict"] == "BLOCKED"
    assert "another day" in " ".join(reason["text"] for reason in row["reasons"])
