"""Both sides of a proof in one child: what it finds different is asked again apart, and nothing is refused without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from toolreg.bundle import Bundle, Case, bundle, prove
from toolreg.bundle.proof import in_sandbox
from toolreg.contract import ToolSource, parse_module
from toolreg.errors import BundleError
from toolreg.sandbox import Sandbox

GOOD = {
    "definition": {"name": "shown"},
    "results": [{"value": "1", "type": "int", "printed": ""}],
    "stock": "",
    "kwargs_error": "",
    "second_pass": "",
}
OTHER = {**GOOD, "results": [{"value": "2", "type": "int", "printed": ""}]}


def tool(body: str) -> ToolSource:
    text = f'from smolagents import tool\n\n\n@tool\ndef shown(text: str) -> str:\n    """Show.\n\n    Args:\n        text: Text.\n    """\n    {body}\n'
    return parse_module("m.py", text.encode()).tools[0]


class Asked:
    """Answers of a child that nobody started, and what was asked of it."""

    def __init__(self, both: Mapping[str, Any], source: Mapping[str, Any]) -> None:
        self.both, self.source, self.seen = both, source, list[str]()

    def __call__(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        self.seen.append(str(request.get("side", "both")))
        return self.both if "mine" in request else self.source


def test_what_is_alike_at_once_is_proved_at_once() -> None:
    ask, subject = Asked({"mine": GOOD, "theirs": GOOD}, {}), tool("return text")
    assert prove(subject, bundle(subject), ask, cases=[Case(source="1")], apart=False).cases == 1
    assert ask.seen == ["both"]


def test_what_the_published_form_left_behind_speaks_against_nobody() -> None:
    ask, subject = Asked({"mine": GOOD, "theirs": OTHER}, GOOD), tool("return text")
    assert prove(subject, bundle(subject), ask, cases=[Case(source="1")], apart=False).cases == 1
    assert ask.seen == ["both", "source"]


def test_a_difference_that_stays_is_refused() -> None:
    ask, subject = Asked({"mine": OTHER, "theirs": GOOD}, GOOD), tool("return text")
    with pytest.raises(BundleError, match="gives another result"):
        prove(subject, bundle(subject), ask, cases=[Case(source="1")], apart=False)


def test_a_child_that_dies_leaves_both_to_be_asked_apart() -> None:
    ask, subject = Asked({"error": "killed: timeout"}, GOOD), tool("return text")
    assert prove(subject, bundle(subject), ask, cases=[Case(source="1")], apart=False).cases == 1
    assert ask.seen == ["both", "source", "bundle"]


def test_a_module_that_cannot_be_imported_is_asked_once_for_all_its_tools() -> None:
    gone = {"error": "ModuleNotFoundError: No module named 'gone'", "unloadable": True}
    ask, subject = Asked({"mine": GOOD, "theirs": gone}, gone), tool("return text + 'only here'")
    for _ in range(2):
        with pytest.raises(BundleError, match="the source does not load: ModuleNotFoundError"):
            prove(subject, bundle(subject), ask, cases=[], apart=False)
    assert ask.seen == ["both", "source"]


def test_it_holds_with_the_real_smolagents(sandbox: Sandbox) -> None:
    subject = tool("return text + '!'")
    made, case, run = bundle(subject), Case(arguments={"text": "x"}), in_sandbox(sandbox)
    assert prove(subject, made, run, cases=[case], apart=False) == prove(subject, made, run, cases=[case])
    changed = {**made.files, "tool.py": made.code.replace(b"'!'", b"'?'")}
    with pytest.raises(BundleError, match="gives another result"):
        prove(
            subject, Bundle(made.name, made.entry, changed, made.requirements), run, cases=[case], apart=False
        )
