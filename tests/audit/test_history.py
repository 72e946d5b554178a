"""Versions of a published tool and their differences, from a real Hub on loopback to the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from toolreg.audit import audit
from toolreg.audit.gallery import write_gallery
from toolreg.audit.history import past, versions
from toolreg.audit.journal import read_rows
from toolreg.audit.sources import hub_source
from toolreg.errors import Offline
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.history import commits
from toolreg.hub.publish import publish
from toolreg.hub.server import running
from toolreg.manifest import MANIFEST, SIGNATURE, build_manifest, definition, sign, to_bytes
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import Cases, Checks, EffectsSection, Harness, Isolation, RulePack, Versions

WORDS = "acme/word-count"
KEY = new_key()
CODE = '''from smolagents import Tool


class WordCount(Tool):
    """Count the words of a text.

    Side effects: none
    """

    name = "word_count"
    description = "Count the words of a text."
    inputs = {"text": {"type": "string", "description": "Any text."}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split())
'''
CARD = b"---\ntitle: Word count\nsdk: static\ntags:\n- smolagents\n- tool\n---\n\n# Word count\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with running(tmp_path / "hub") as endpoint:
        yield Hub(endpoint)


def put(
    hub: Hub, version: str, code: str = CODE, *effects: str, takes: str = "text", repository: str = WORDS
) -> str:
    """Publish a version; its commit."""
    files = {"tool.py": code.encode(), "README.md": CARD + version.encode()}
    inputs = {takes: {"type": "string", "description": "Any text."}}
    manifest = to_bytes(
        build_manifest(
            repository=repository,
            version=version,
            entry="WordCount",
            files=files,
            definition=definition("word_count", "Count the words of a text.", inputs, "integer"),
            effects=EffectsSection(declared=effects),
            checks=Checks(verdict="APPROVED", rule_packs=(RulePack(name="builtin", version="1", rules=9),)),
            harness=Harness(cases=Cases(passed=1), isolation=Isolation(tier="A")),
            versions=Versions(toolreg="0.1.0", smolagents="1.26.0", python="3.11"),
            published_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    )
    return publish(
        {**files, MANIFEST: manifest, SIGNATURE: sign(manifest, KEY)}, repository, hub, version
    ).commit


def origin(folder: Path) -> dict[str, Any]:
    (row,) = read_rows(folder / "tools.jsonl")
    found: dict[str, Any] = row["origin"]
    return found


def test_each_version_says_what_it_changed_in_contract_effects_and_code(hub: Hub, tmp_path: Path) -> None:
    first = put(hub, "1.0.0")
    put(hub, "2.0.0", "# asks now\n" + CODE, "net:api.example.com")
    last = put(hub, "3.0.0", "# asks now\n" + CODE, "net:api.example.com", takes="words")
    audit("acme", tmp_path / "out", engine_name="here", source=hub_source(hub, "acme"))
    three, two, one = origin(tmp_path / "out")["versions"]
    assert [v["version"] for v in (three, two, one)] == ["3.0.0", "2.0.0", "1.0.0"]
    assert (one["commit"], three["commit"]) == (first, last)
    assert "changes" not in one
    assert [(c["what"], c["text"], c["added"]) for c in two["changes"]] == [
        ("effect", "net:api.example.com", True),
        ("file", "README.md", None),
        ("file", "tool.py", None),
        ("version", "1.0.0 → 2.0.0", None),
    ]
    assert "+# asks now" in two["code"]
    assert "README" not in two["code"]
    assert [(c["what"], c["text"]) for c in three["changes"] if c["step"] == "major"] == [
        ("input", "text"),
        ("input", "words"),
    ]
    assert three["code"] == ""

    write_gallery(tmp_path / "out", tmp_path / "pages")
    (page,) = (tmp_path / "pages/tools").iterdir()
    html = page.read_text()
    assert "<ins><code>net:api.example.com</code></ins>" in html
    assert "<summary>Code changed in 2.0.0</summary>" in html
    assert html.index("<strong>3.0.0</strong>") < html.index("<strong>1.0.0</strong>")


def test_one_version_or_no_question_is_no_history(hub: Hub, tmp_path: Path) -> None:
    put(hub, "1.0.0")
    audit("acme", tmp_path / "one", engine_name="here", source=hub_source(hub, "acme"))
    assert "versions" not in origin(tmp_path / "one")
    put(hub, "1.0.1", CODE + "# more\n")
    audit("acme", tmp_path / "none", engine_name="here", source=hub_source(hub, "acme", history=0))
    assert "versions" not in origin(tmp_path / "none")


def test_what_is_looked_at_is_bounded(hub: Hub) -> None:
    for number in range(5):
        head = put(hub, f"1.0.{number}", CODE + f"# {number}\n")
    assert len(commits(hub, WORDS, head, most=2)) == 2
    found = versions(WORDS, past(hub, WORDS, head, fetch(hub, WORDS).files, last=3))["versions"]
    assert [v["version"] for v in found] == ["1.0.4", "1.0.3", "1.0.2"]


def test_a_version_that_does_not_hold_is_named_and_the_others_are_compared_past_it(hub: Hub) -> None:
    put(hub, "1.0.0")
    head = fetch(hub, WORDS).commit
    broken = hub.commit(WORDS, {"tool.py": b"x = 'stolen'\n"}, [], message="quietly", parent=head)[0]
    last = put(hub, "2.0.0", CODE, "net:api.example.com")
    found = versions(WORDS, past(hub, WORDS, last, fetch(hub, WORDS).files))["versions"]
    assert [v.get("version") for v in found] == ["2.0.0", None, "1.0.0"]
    assert found[1]["commit"] == broken
    assert "tool.py differs from what was approved" in found[1]["problem"]
    assert ("effect", "net:api.example.com") in [(c["what"], c["text"]) for c in found[0]["changes"]]


def test_a_hub_that_tells_no_history_is_said_and_the_tool_is_judged(hub: Hub) -> None:
    put(hub, "1.0.0")
    files = fetch(hub, WORDS).files
    gone = Hub("http://127.0.0.1:9")
    with pytest.raises(Offline):
        commits(gone, WORDS)
    assert "cannot be reached" in versions(WORDS, past(gone, WORDS, "a" * 40, files))["history"]


def test_the_words_of_an_earlier_version_stay_words(tmp_path: Path, make: Any) -> None:
    evil = "</pre><script>alert(1)</script>\u202e"
    version = {
        "commit": evil,
        "date": evil,
        "version": evil,
        "signer": evil,
        "code": evil,
        "changes": [{"what": evil, "text": evil, "added": True, "step": "major"}],
    }
    rows = [make.tool(origin={"versions": [version, {"commit": evil, "date": evil, "problem": evil}]})]
    write_gallery(make.finished(tmp_path / "audit", rows), tmp_path / "out")
    (page,) = (tmp_path / "out/tools").iterdir()
    assert "<script>" not in page.read_text()
    assert "\u202e" not in page.read_text()


def test_many_publications_are_fetched_at_once_and_read_one_by_one(hub: Hub, tmp_path: Path) -> None:
    """Where the threads that fetch made syntax trees too, Python 3.11.2 failed in most such audits."""
    long = CODE + "\n".join(
        f"def f{n}(a, b):\n    return [x + {n} * (a - b) for x in range(a) if x > (b + 1)]\n"
        for n in range(400)
    )
    for number in range(12):
        for version in ("1.0.0", "1.0.1"):
            put(hub, version, long + f"# {version}\n", repository=f"acme/word-count-{number}")
    for out in (tmp_path / "one", tmp_path / "two"):
        audit("acme", out, engine_name="here", source=hub_source(hub, "acme"))
        (row,) = read_rows(out / "tools.jsonl")
        assert [v["version"] for v in row["origin"]["versions"]] == ["1.0.1", "1.0.0"]
