"""The examples once more, the way a user meets them: as files, through the whole run with ruff."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.lint import LintConfig, lint
from toolreg.testing import Example, examples


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The codes found in each example, judged in one run; each stands in a folder of its own."""
    root = tmp_path_factory.mktemp("examples")
    paths: dict[str, str] = {}
    for example in examples():
        folder = root / str(example)
        folder.mkdir()
        (folder / "tool.py").write_text(example.source, encoding="utf-8")
        paths[str(folder / "tool.py")] = str(example)
    found: dict[str, set[str]] = {name: set() for name in paths.values()}
    result = lint(list(paths), LintConfig(ignore=("TRG119", "TRG216")))
    assert result.errors == []
    for finding in result.open:
        found[paths[finding.path]].add(finding.code)
    return found


@pytest.mark.parametrize("example", [e for e in examples() if e.rule.scope != "project"], ids=str)
def test_ruff_says_nothing_that_an_example_is_not_about(
    example: Example, judged: dict[str, set[str]]
) -> None:
    assert judged[str(example)] == ({example.rule.code} if example.kind == "bad" else set())


@pytest.mark.parametrize("example", [e for e in examples() if e.rule.scope == "project"], ids=str)
def test_rules_that_compare_tools_work_on_files(example: Example, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(example.source, encoding="utf-8")
    result = lint([str(tmp_path)], LintConfig(ruff="off"))
    assert {f.code for f in result.open} == ({example.rule.code} if example.kind == "bad" else set())
