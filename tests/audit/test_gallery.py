from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from toolreg.audit.gallery import write_gallery
from toolreg.audit.gallery.pages import entry, page_name
from toolreg.audit.gallery.text import visible
from toolreg.errors import NotFound

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"


def index_of(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "data.js").read_text()
    return json.loads(text.removeprefix("window.TOOLS=").removesuffix(";\n"))


def test_a_page_for_every_tool_and_an_index_over_all(tmp_path: Path, make: Any) -> None:
    gallery = write_gallery(make.finished(tmp_path / "audit", make.many(30)), tmp_path / "out")
    entries = index_of(tmp_path / "out")
    assert gallery.tools == len(entries) == 30
    assert all((tmp_path / "out" / e["page"]).is_file() for e in entries)


def test_the_words_of_a_stranger_stay_words(tmp_path: Path, make: Any) -> None:
    evil = make.tool(EVIL, path=EVIL, summary=EVIL, description=EVIL, requirements=[EVIL], output_type=EVIL)
    evil["inferred"][0]["code"] = EVIL
    evil["inputs"] = {EVIL: {"type": EVIL, "description": EVIL}}
    audit = make.finished(tmp_path / "audit", [evil], lambda tool: [make.finding(tool, message=EVIL)])
    gallery = write_gallery(audit, tmp_path / "out", title=EVIL)
    for page in (gallery.index, *(tmp_path / "out/tools").iterdir()):
        html = page.read_text()
        assert "<script>" not in html
        assert "<img" not in html
        assert "49" not in html.replace("&#39;", "")
    assert len(index_of(tmp_path / "out")) == 1


def test_hidden_characters_are_shown(tmp_path: Path, make: Any) -> None:
    row = make.tool(description="safe\u202eevil\U000e0041\u200b", summary="ok\x00\ud800")
    write_gallery(make.finished(tmp_path / "audit", [row]), tmp_path / "out")
    (page,) = (tmp_path / "out/tools").iterdir()
    html = page.read_text()
    assert "safe⟨U+202E⟩evil⟨U+E0041⟩⟨U+200B⟩" in html
    assert "ok⟨U+0000⟩⟨U+D800⟩" in html


def test_what_can_be_seen_is_left_alone() -> None:
    assert visible("naïve 東京 €\n\t") == "naïve 東京 €\n\t"


def test_nothing_is_asked_of_any_server(tmp_path: Path, make: Any) -> None:
    write_gallery(make.finished(tmp_path / "audit", make.many(5)), tmp_path / "out")
    for page in (tmp_path / "out").rglob("*.*"):
        assert not re.search(r"(src|href|url\()\s*=?\s*[\"']?(https?:)?//", page.read_text()), page


def test_a_second_gallery_leaves_no_page_of_the_first(tmp_path: Path, make: Any) -> None:
    write_gallery(make.finished(tmp_path / "one", make.many(3)), tmp_path / "out")
    (tmp_path / "out/mine.txt").write_text("keep")
    write_gallery(make.finished(tmp_path / "two", make.many(2)), tmp_path / "out")
    assert len(list((tmp_path / "out/tools").iterdir())) == 2
    assert (tmp_path / "out/mine.txt").exists()


def test_an_unfinished_audit_has_no_gallery(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no finished audit"):
        write_gallery(tmp_path, tmp_path / "out")


def test_two_tools_never_share_a_page(make: Any) -> None:
    rows = [
        make.tool("a b"),
        make.tool("a-b"),
        make.tool("東京"),
        make.tool("", path="x.py"),
        make.tool("../../etc/passwd"),
    ]
    names = [page_name(row) for row in rows]
    assert len(set(names)) == len(rows)
    assert all(re.fullmatch(r"[a-z0-9-]+\.html", name) for name in names)


def test_what_was_not_seen_says_so(tmp_path: Path, make: Any) -> None:
    row = make.tool(declared=None, inferred=[], inputs={}, summary="", description="", requirements=[])
    write_gallery(make.finished(tmp_path / "audit", [row]), tmp_path / "out")
    (page,) = (tmp_path / "out/tools").iterdir()
    html = page.read_text()
    for words in (
        "does not declare what it does",
        "says nothing of itself",
        "takes no input",
        "Python alone",
    ):
        assert words in html


def test_the_index_shows_what_is_promised_and_not_each_file_that_was_read(make: Any) -> None:
    seen = [f"read:demo.git/objects/{n}" for n in range(40)]
    tool = make.tool(declared=["read:{repo}", "run:git"], inferred=[], observed=seen, undeclared=[])
    line = entry(tool, "x.html")
    assert line["effects"] == ["read:{repo}", "run:git"]
    assert line["kinds"] == ["read", "run"]
    many = entry(make.tool(declared=[f"env:KEY_{n}" for n in range(20)], inferred=[]), "x.html")
    assert many["effects"][-1] == "and 8 more"
