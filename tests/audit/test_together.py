"""Tools that are honest alone, and what they are as a set."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from toolreg.audit import audit, write_gallery
from toolreg.audit.together import MOST, Together, Weighing
from toolreg.lint.example import function_tool


def weighed(*rows: dict[str, Any]) -> Together:
    weighing = Weighing()
    for row in rows:
        weighing.tool(row)
    return weighing.found


def test_three_honest_tools_can_carry_data_out_together(make: SimpleNamespace) -> None:
    reads = make.tool("notes", declared=["read:notes/*"], inferred=[])
    fetches = make.tool("page", declared=["net:{url}"], inferred=[])
    assert weighed(reads).trifecta is False
    assert weighed(fetches).trifecta is False
    both = weighed(reads, fetches)
    assert both.trifecta
    assert both.examples == {"private": ["notes"], "untrusted": ["page"], "way_out": ["page"], "unknown": []}


def test_a_tool_of_which_nothing_is_known_counts_as_all(make: SimpleNamespace) -> None:
    found = weighed(make.tool("who", declared=None, inferred=[], open=1))
    assert found.counts == {"private": 1, "untrusted": 1, "way_out": 1, "unknown": 1}


def test_two_that_sound_alike_are_named_once_and_lists_end(make: SimpleNamespace) -> None:
    rows = [make.tool(f"tool_{n}", described="city weather") for n in range(40)]
    found = weighed(
        *rows, make.tool("other", described="city map"), make.tool("tool_0", described="city weather")
    )
    assert (found.alike, len(found.pairs)) == (39, MOST)
    assert found.pairs[0] == {"tool": "tool_1", "other": "tool_0", "path": "tools/tool_1.py"}


def test_an_audit_and_its_page_tell_it(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    one = function_tool("return text.splitlines()[0]")
    (tmp_path / "tools/one.py").write_text(one)
    (tmp_path / "tools/two.py").write_text(one.replace("first_line", "top_line"))
    summary = audit(str(tmp_path / "tools"), tmp_path / "out", engine_name="here")
    assert (summary.together.alike, summary.together.pairs[0]["other"]) == (1, "first_line")
    page = write_gallery(tmp_path / "out", tmp_path / "pages").index.read_text()
    assert "1 tool sounds like another" in page
