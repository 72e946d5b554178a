from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.errors import RulePackError
from toolreg.lint import Finding, LintConfig, lint, ruff
from toolreg.lint.example import function_tool

SHELL = function_tool(
    "import subprocess\nreturn subprocess.run(f'wc {path}', shell=True, timeout=5, capture_output=True, text=True).stdout[:99]",
    signature="path: str",
    effects="run: *\nread: {path}",
)
UNDEFINED = function_tool("return text + tset")


def codes(folder: Path, text: str, **changes: object) -> list[str]:
    (folder / "tool.py").write_text(text)
    return [f.code for f in lint([str(folder / "tool.py")], LintConfig().but(**changes)).open]


def test_what_ruff_finds_is_shown_as_its_own(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(UNDEFINED)
    (found,) = [f for f in lint([str(tmp_path / "tool.py")]).open if f.code.startswith("ruff:")]
    assert (found.code, found.severity, found.tool) == ("ruff:F821", "error", "first_line")
    assert found.source.strip() == "return text + tset"
    assert found.path == str(tmp_path / "tool.py")


def test_nothing_is_reported_twice(tmp_path: Path) -> None:
    assert codes(tmp_path, SHELL) == ["TRG509"]
    assert "ruff:S602" in codes(tmp_path, SHELL.replace("f'wc {path}'", "'wc notes.txt; ls'"))


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, ["ruff:F821"]),
        ({"ruff": "off"}, []),
        ({"ignore": ("ruff:F821",)}, []),
        ({"ignore": ("F821",)}, []),
        ({"ignore": ("ruff",)}, []),
        ({"select": ("ruff",)}, ["ruff:F821"]),
        ({"select": ("TRG1",)}, []),
    ],
)
def test_its_rules_are_chosen_like_ours(
    changes: dict[str, object], wanted: list[str], tmp_path: Path
) -> None:
    assert [c for c in codes(tmp_path, UNDEFINED, **changes) if c.startswith("ruff")] == wanted


def test_a_file_without_a_tool_is_not_ruffs_to_judge(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("# smolagents\nprint(undefined)\n")
    (tmp_path / "tool.py").write_text(function_tool("return text.splitlines()[0]"))
    assert lint([str(tmp_path)]).open == []


def test_the_projects_own_configuration_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text('lint.select = ["D400"]\n')
    text = function_tool("return text + tset", summary="Shorten a text to its first line")
    assert [c for c in codes(tmp_path, text, ruff="project") if c.startswith("ruff")] == ["ruff:D400"]


def test_many_files_do_not_overflow_the_command_line() -> None:
    paths = [f"/tmp/{n:06}/{'x' * 200}.py" for n in range(20_000)]
    shares = ruff._shares(paths)
    assert [p for share in shares for p in share] == paths
    assert all(sum(len(p) + 9 for p in share) <= 1_000_000 for share in shares)


def test_a_ruff_that_breaks_judged_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "ruff"
    broken.write_text("#!/bin/sh\nexit 2\n")
    broken.chmod(0o755)
    monkeypatch.setattr(ruff, "_program", lambda: str(broken))
    with pytest.raises(RulePackError, match=r"failed \(exit 2\); its rules judged nothing"):
        codes(tmp_path, UNDEFINED)


def test_merging_keeps_what_is_new() -> None:
    def at(code: str, line: int) -> Finding:
        return Finding("p", line, 1, line, 2, code, "n", "m", "error")

    merged = ruff.merge([at("TRG509", 3)], [at("ruff:S602", 3), at("ruff:S602", 4), at("ruff:F821", 3)])
    assert [(f.code, f.line) for f in merged] == [("TRG509", 3), ("ruff:F821", 3), ("ruff:S602", 4)]
