"""Selection, per-file ignores, severities, baseline, configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolreg.cli.lint import main
from toolreg.config import find_pyproject, lint_config
from toolreg.errors import ConfigError, UsageError
from toolreg.lint import LintConfig, lint
from toolreg.lint.baseline import write_baseline
from toolreg.lint.example import function_tool
from toolreg.lint.selection import matches

BAD = function_tool("print(text)\nreturn input(text)")


def codes(path: Path, **changes: object) -> list[str]:
    return [f.code for f in lint([str(path)], LintConfig().but(**changes)).open]


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    path = tmp_path / "tools" / "bad.py"
    path.write_text(BAD)
    return path


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, ["TRG504", "TRG503"]),
        ({"select": ("TRG503",)}, ["TRG503"]),
        ({"select": ("TRG5",), "ignore": ("TRG503",)}, ["TRG504"]),
        ({"ignore": ("TRG5",)}, []),
        ({"ignore": ("TRG5",), "extend_select": ("TRG503",)}, ["TRG503"]),
        ({"per_file": {"tools/*": ("TRG503",)}}, ["TRG504"]),
        ({"per_file": {"other/*": ("TRG503",)}}, ["TRG504", "TRG503"]),
        ({"per_file": {"bad.py": ("ALL",)}}, []),
    ],
)
def test_the_longest_matching_code_decides(changes: dict[str, object], wanted: list[str], bad: Path) -> None:
    assert codes(bad, **changes) == wanted


@pytest.mark.parametrize(
    "changes", [{"ignore": ("ALL",)}, {"select": ("NOPE",)}, {"select": ("TRG5",), "ignore": ("TRG5",)}]
)
def test_without_any_rule_nothing_is_judged(changes: dict[str, object], bad: Path) -> None:
    with pytest.raises(UsageError, match="no rule is selected"):
        codes(bad, **changes)


def test_a_severity_can_be_changed_and_decides_the_exit_code(bad: Path) -> None:
    result = lint([str(bad)], LintConfig(severity={"TRG5": "info", "TRG503": "warning"}))
    assert {f.code: f.severity for f in result.open} == {"TRG503": "warning", "TRG504": "info"}
    assert lint([str(bad)], LintConfig(severity={"TRG5": "info"})).exit_code == 0
    assert lint([str(bad)], LintConfig(severity={"TRG5": "warning"}, fail_on="error")).exit_code == 0


@pytest.mark.parametrize(
    ("path", "glob", "fits"),
    [
        ("a/b.py", "b.py", True),
        ("a/b.py", "a", True),
        ("a/b.py", "a/*", True),
        ("./a/b.py", "a/b.py", True),
        ("ab/c.py", "a", False),
        ("x/a/b.py", "a/*.py", True),
    ],
)
def test_globs_fit_paths_their_ends_and_their_folders(path: str, glob: str, fits: bool) -> None:
    assert matches(path, glob) is fits


@pytest.mark.usefixtures("bad")
def test_excluded_files_are_not_read(tmp_path: Path) -> None:
    assert lint([str(tmp_path)], LintConfig(exclude=("bad.py",))).files == 0


def test_a_baseline_hides_what_is_known_and_no_more(bad: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    assert write_baseline(lint([str(bad)]).findings, baseline) == 2
    assert codes(bad, baseline=baseline) == []
    bad.write_text("# moved\n\n" + BAD)
    assert codes(bad, baseline=baseline) == []
    bad.write_text(BAD.replace("    print(text)\n", "    print(text)\n    print(text)\n"))
    assert codes(bad, baseline=baseline) == ["TRG504"]


@pytest.mark.usefixtures("bad")
def test_a_partial_run_leaves_the_baseline_alone(tmp_path: Path) -> None:
    other = tmp_path / "tools" / "other.py"
    other.write_text(BAD.replace("first_line", "other_line"))
    baseline = tmp_path / "baseline.json"
    write_baseline(lint([str(tmp_path)]).findings, str(baseline))
    before = baseline.read_bytes()
    assert codes(other, baseline=str(baseline)) == []
    assert baseline.read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [{}]}', "\0"])
def test_a_file_that_is_no_baseline_is_refused(text: str, bad: Path, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(ConfigError, match="no baseline"):
        codes(bad, baseline=str(tmp_path / "b.json"))


@pytest.mark.usefixtures("bad")
def test_the_command_writes_and_reads_a_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tools", "--no-cache", "--baseline", "known.json", "--write-baseline"]) == 0
    assert json.loads((tmp_path / "known.json").read_text())["version"] == 1
    assert main(["tools", "--no-cache", "--baseline", "known.json"]) == 0
    assert main(["tools", "--no-cache"]) == 1


PYPROJECT = """
[tool.toolreg.lint]
select = ["TRG5"]
ignore = ["TRG504"]
exclude = ["generated"]
fail-on = "error"
[tool.toolreg.lint.per-file-ignores]
"tests/*" = ["ALL"]
[tool.toolreg.lint.severity]
TRG503 = "warning"
"""


def test_pyproject_is_found_upwards_and_read(
    bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.chdir(bad.parent)
    config = lint_config(find_pyproject())
    assert (config.select, config.ignore, config.fail_on) == (("TRG5",), ("TRG504",), "error")
    assert config.per_file == {"tests/*": ("ALL",)}
    assert main(["bad.py", "--no-cache"]) == 0
    assert main(["bad.py", "--no-cache", "--fail-on", "warning"]) == 1
    assert main(["bad.py", "--no-cache", "--isolated"]) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[tool.toolreg.lint]\nselct = []", "[tool.toolreg.lint] has no key 'selct'"),
        ("[tool.toolreg.lnt]\nx = 1", "[tool.toolreg] has no key 'lnt'"),
        ("[tool.toolreg.lint]\nselect = 'TRG5'", "[tool.toolreg.lint] select must be a list of strings"),
        ("[tool.toolreg.lint]\nselect = [1]", "[tool.toolreg.lint] select must be a list of strings"),
        ("[tool.toolreg.lint]\nfail-on = 'never'", "[tool.toolreg.lint] fail-on: no such choice 'never'"),
        (
            "[tool.toolreg.lint.severity]\nTRG1 = 'bad'",
            "[tool.toolreg.lint] severity.TRG1: no such choice 'bad'",
        ),
        ("[tool.toolreg.lint.per-file-ignores]\nx = 'TRG1'", "'x' must be a list of codes"),
        ("[tool]\ntoolreg = 1", "[tool.toolreg] is no table"),
        ("[tool.toolreg", "no valid TOML"),
    ],
)
def test_a_slip_in_pyproject_is_an_error_that_says_where(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        lint_config(str(tmp_path / "pyproject.toml"))
    assert says in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.usefixtures("bad")
def test_another_configuration_is_not_answered_from_the_cache_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["tools"]) == 1
    (tmp_path / "pyproject.toml").write_text("[tool.toolreg.lint]\npacks = ['nobody-has-this']\n")
    capsys.readouterr()
    assert main(["tools"]) == 2
    assert "no rule pack 'nobody-has-this'" in capsys.readouterr().err
