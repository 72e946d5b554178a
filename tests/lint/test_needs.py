"""What a rule needs, and what is left of a file that is done with."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator

import pytest

from toolreg.contract import ToolSource, parse_module
from toolreg.lint.api import Hit, Need, Rule, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg.lint.judge import judge_bytes, lint_module
from toolreg.lint.packs import load_rules

RAISES = function_tool("if not text:\n    raise ValueError(text)\nreturn text")
FETCHES = function_tool("import requests\nreturn requests.get(text).text")
PLAIN = function_tool("return text")


def _asking(*needs: Need) -> Rule:
    @rule("ACME101", "asked", Severity.ERROR, bad=["x"], good=["x"], needs=needs)
    def asked(tool: ToolSource) -> Iterator[Hit]:
        """Says that it was asked."""
        yield tool.node, "asked"

    return asked


@pytest.mark.parametrize(
    ("need", "with_it", "without"),
    [
        (ast.Raise, RAISES, PLAIN),
        ("requests.get", FETCHES, PLAIN),
        ("requests.*", FETCHES, RAISES),
        ("class", class_tool(), PLAIN),
        ("function", PLAIN, class_tool()),
        ("Args:", PLAIN, PLAIN.replace("Args:", "Notes:")),
    ],
    ids=str,
)
def test_a_rule_is_asked_only_where_a_tool_has_what_it_needs(need: Need, with_it: str, without: str) -> None:
    rules = (_asking(need),)
    assert [f.message for f in lint_module(parse_module("a.py", with_it.encode()), rules)] == ["asked"]
    assert lint_module(parse_module("a.py", without.encode()), rules) == []


def test_one_of_several_needs_is_enough() -> None:
    assert lint_module(parse_module("a.py", RAISES.encode()), (_asking("nothing.here", ast.Raise),))


def test_a_rule_that_needs_nothing_is_always_asked() -> None:
    assert lint_module(parse_module("a.py", PLAIN.encode()), (_asking(),))


@pytest.mark.parametrize(
    "source", [RAISES, FETCHES, class_tool("return str(self.size)")], ids=["a", "b", "c"]
)
def test_nothing_of_a_tree_outlives_its_judgement(source: str) -> None:
    rules = load_rules()
    judge_bytes("a.py", source.encode(), rules)
    gc.collect()
    gc.disable()
    try:
        before = _trees()
        judge_bytes("a.py", source.encode(), rules)
        assert _trees() == before
    finally:
        gc.enable()


def _trees() -> int:
    return sum(isinstance(one, ast.stmt) for one in gc.get_objects())
