"""Audits of a Hub: a real one on loopback, and Hubs that lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from toolreg.audit import audit
from toolreg.audit.journal import read_rows
from toolreg.audit.sources import IN_A_ROW, hub_source
from toolreg.errors import HubError, Offline, UsageError
from toolreg.hub.client import Hub
from toolreg.hub.model import Space
from toolreg.hub.publish import MAX_FILE, publish
from toolreg.hub.server import running

TOOL = '''from smolagents import Tool


class WordCount(Tool):
    """Count the words of a text.

    Side effects: none
    """

    name = "{name}"
    description = "Count the words of a text."
    inputs = {{"text": {{"type": "string", "description": "Any text."}}}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split())
'''
CARD = b"---\ntitle: Word count\nsdk: static\ntags:\n- smolagents\n- tool\n---\n\n# Word count\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with running(tmp_path / "hub") as endpoint:
        yield Hub(endpoint)


def put(hub: Hub, repo_id: str, name: str) -> None:
    publish({"tool.py": TOOL.format(name=name).encode(), "README.md": CARD}, repo_id, hub)


def paths(folder: Path) -> list[str]:
    return sorted(row["path"] for row in read_rows(folder / "tools.jsonl"))


def test_a_namespace_is_read_and_copies_are_judged_once(hub: Hub, tmp_path: Path) -> None:
    for repo_id, name in (
        ("acme/one", "one"),
        ("acme/two", "two"),
        ("acme/twin", "two"),
        ("other/one", "one"),
    ):
        put(hub, repo_id, name)
    summary = audit("acme", tmp_path / "out", engine_name="here", source=hub_source(hub, "acme"))
    assert (summary.tools, summary.copies, summary.not_judged) == (2, 1, 0)
    (one, *_) = [row for row in read_rows(tmp_path / "out/tools.jsonl") if row["tool"] == "one"]
    assert one["origin"]["repository"] == "acme/one"
    assert len(one["origin"]["commit"]) == 40
    assert audit("*", tmp_path / "all", engine_name="here", source=hub_source(hub, "*")).copies == 2
    assert (
        audit("acme/two", tmp_path / "two", engine_name="here", source=hub_source(hub, "acme/two")).tools == 1
    )


def test_what_did_not_change_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    for name in ("one", "two", "twin"):
        put(hub, f"acme/{name}", name.replace("twin", "two"))
    audit("acme", tmp_path / "first", engine_name="here", source=hub_source(hub, "acme"))
    put(hub, "acme/one", "changed")
    before = hub.requests
    second = audit(
        "acme",
        tmp_path / "second",
        engine_name="here",
        since=tmp_path / "first",
        source=hub_source(hub, "acme"),
    )
    asked = hub.requests - before
    assert (second.tools, second.copies, second.facts["judged"], second.facts["carried_over"]) == (2, 1, 1, 1)
    before = hub.requests
    third = audit(
        "acme",
        tmp_path / "third",
        engine_name="here",
        since=tmp_path / "second",
        source=hub_source(hub, "acme"),
    )
    assert (third.facts["judged"], third.copies) == (0, 1)
    assert hub.requests - before == asked - 1, "only the changed one was fetched, and not twice"
    assert paths(tmp_path / "third") == paths(tmp_path / "second")


def test_an_empty_namespace_is_no_pass(hub: Hub, tmp_path: Path) -> None:
    summary = audit("nobody", tmp_path / "out", engine_name="here", source=hub_source(hub, "nobody"))
    assert (summary.tools, summary.exit_code("never")) == (0, 3)


@pytest.mark.parametrize("target", ["", "a b", "../x", "a/b/c", "-x"])
def test_what_is_nothing_on_a_hub_is_named(target: str) -> None:
    with pytest.raises(UsageError, match="nothing on a Hub"):
        hub_source(Hub("http://127.0.0.1:1"), target)


@dataclass
class Liar:
    """A Hub that answers as it likes."""

    rows: Any
    answers: dict[str, Any] = field(default_factory=dict)
    endpoint: str = "http://liar.example"

    def spaces(self, **_: Any) -> Iterator[Space]:
        yield from self.rows

    def download(self, repo_id: str, path: str, commit: str, *, limit: int) -> bytes:
        del path, commit, limit
        answer = self.answers.get(repo_id, b"x = 'no tool'")
        if isinstance(answer, Exception):
            raise answer
        return answer


def space(repo_id: str) -> Space:
    return Space(repo_id, "a" * 40, ("tool.py",), (), 0, "", {})


def test_a_listing_without_end_ends_and_what_was_judged_is_kept(tmp_path: Path) -> None:
    rows = [space(f"acme/t{n}") for n in range(60)]
    liar = Liar(
        [*rows, *rows], {r.repo_id: TOOL.format(name=r.repo_id.replace("/", "_")).encode() for r in rows}
    )
    with pytest.raises(HubError, match="does not end"):
        audit("*", tmp_path / "out", engine_name="here", source=hub_source(liar, "*"))  # type: ignore[arg-type]
    again = audit("*", tmp_path / "out", engine_name="here", source=hub_source(Liar(rows), "*"))  # type: ignore[arg-type]
    assert again.facts["carried_over"] > 30


def test_one_broken_repository_is_a_row(tmp_path: Path) -> None:
    rows = [space(f"acme/t{n}") for n in range(10)]
    liar = Liar(rows, {"acme/t3": HubError("500"), "acme/t5": b"tool" * MAX_FILE})
    summary = audit("*", tmp_path / "out", engine_name="here", source=hub_source(liar, "*"))  # type: ignore[arg-type]
    assert [(e["path"], e["message"]) for e in summary.errors] == [
        ("acme/t3/tool.py", "500"),
        ("acme/t5/tool.py", "larger than 4 MB"),
    ]


def test_a_hub_that_fails_for_hours_ends_the_audit_with_its_name(tmp_path: Path) -> None:
    rows = [space(f"acme/t{n}") for n in range(1000)]
    liar = Liar(rows, {r.repo_id: Offline("gone") for r in rows[20:]})
    with pytest.raises(HubError, match=f"failed {IN_A_ROW} times in a row: gone"):
        audit("*", tmp_path / "out", engine_name="here", source=hub_source(liar, "*"))  # type: ignore[arg-type]
