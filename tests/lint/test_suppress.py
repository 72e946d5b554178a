from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolreg.contract import parse_module
from toolreg.lint import Finding, LintConfig, lint, lint_module, load_rules
from toolreg.lint.example import function_tool
from toolreg.lint.formats import render

RULES = load_rules()


def judge(body: str, **more: str) -> list[Finding]:
    source = function_tool(body, **more)  # type: ignore[arg-type]
    return lint_module(parse_module("tool.py", source.encode()), RULES)


def test_a_finding_with_a_reason_is_kept_and_marked() -> None:
    (finding,) = judge("return input(text)  # toolreg: ignore[TRG503] a person is there")
    assert (finding.code, finding.suppressed) == ("TRG503", "a person is there")


def test_a_comment_alone_speaks_of_the_next_line_of_code() -> None:
    (finding,) = judge("# toolreg: ignore[TRG503] a person is there\n\n# another comment\nreturn input(text)")
    assert finding.suppressed == "a person is there"


def test_several_codes_stand_in_one_comment() -> None:
    found = judge("print(input(text))  # toolreg: ignore[TRG503, TRG504] a console\nreturn text")
    assert {f.code: f.suppressed for f in found} == {"TRG503": "a console", "TRG504": "a console"}


@pytest.mark.parametrize(
    "comment",
    [
        "# toolreg: ignore[TRG503]",
        "# toolreg: ignore",
        "# toolreg: ignore[] why not",
        "# toolreg: ignore[TRG503]   ",
        "# toolreg: ignored[TRG503] another word",
        "# toolreg: disable=TRG503",
    ],
)
def test_without_a_reason_or_a_code_nothing_is_hidden(comment: str) -> None:
    found = judge(f"return input(text)  {comment}")
    assert {f.code for f in found if f.suppressed is None} == {"TRG503", "TRG002"}


def test_a_string_that_looks_like_a_comment_is_none() -> None:
    found = judge("return input('# toolreg: ignore[TRG503] reason')")
    assert [(f.code, f.suppressed) for f in found] == [("TRG503", None)]


def test_an_unused_suppression_is_reported_and_can_be_removed() -> None:
    (finding,) = judge("return text.splitlines()[0]  # toolreg: ignore[TRG503] nobody asks")
    assert finding.code == "TRG001"
    assert finding.fix is not None
    assert finding.fix.safe


def test_another_line_is_not_hidden() -> None:
    found = judge("name = input(text)  # toolreg: ignore[TRG504] wrong code\nreturn name")
    assert {f.code for f in found} == {"TRG503", "TRG001"}


def test_a_finding_of_ruff_can_be_suppressed(tmp_path: Path) -> None:
    body = (
        "import tempfile\nreturn tempfile.mktemp(text)  # toolreg: ignore[ruff:S306] the name alone is wanted"
    )
    (tmp_path / "tool.py").write_text(function_tool(body, effects="write: **\nread: **"))
    found = [f for f in lint([str(tmp_path / "tool.py")], LintConfig()).findings if f.code == "ruff:S306"]
    assert [f.suppressed for f in found] == ["the name alone is wanted"]


def test_suppressed_findings_stay_in_json_and_sarif(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(
        function_tool("return input(text)  # toolreg: ignore[TRG503] a person is there")
    )
    result = lint([str(tmp_path / "tool.py")], LintConfig())
    assert result.exit_code == 0
    assert json.loads(render("json", result))["suppressed"][0]["suppressed"] == "a person is there"
    (found,) = json.loads(render("sarif", result))["runs"][0]["results"]
    assert found["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "a person is there"}
    ]
