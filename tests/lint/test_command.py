from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolreg.cli.lint import main
from toolreg.cli.rule import main as rule_main
from toolreg.lint.example import function_tool

GOOD = function_tool("return text.splitlines()[0]")
BAD = function_tool("return input(text)")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    return tmp_path


def test_a_good_tool_exits_0(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "good.py").write_text(GOOD)
    assert main(["good.py"]) == 0
    assert capsys.readouterr() == ("", "no findings in 1 tool of 1 file\n")


def test_a_finding_is_shown_with_its_line_a_caret_and_its_rule(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "bad.py").write_text(BAD)
    assert main(["bad.py"]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "bad.py:20:12: TRG503 input() waits for somebody to type; make it a parameter\n"
        "   |\n"
        "20 |     return input(text)\n"
        "   |            ^^^^^^^^^^^\n"
        "   = error: input-call in tool 'first_line'\n"
    )
    assert err == "1 finding in 1 tool of 1 file\n"


def test_json_holds_findings_and_counts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.py").write_text(BAD)
    assert main(["bad.py", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    keys = [
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "code",
        "name",
        "message",
        "severity",
        "tool",
        "fix",
        "url",
    ]
    assert list(report["findings"][0]) == keys
    assert (report["files"], report["tools"], report["errors"], report["suppressed"]) == (1, 1, [], [])


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("broken.py", b"from smolagents import tool\ndef f(:\n", "broken.py:2: does not parse"),
        ("latin.py", b"# caf\xe9\nfrom smolagents import tool\n", "latin.py:1: not UTF-8"),
        ("wide.py", "from smolagents import tool\n".encode("utf-16"), "wide.py:1: not UTF-8"),
        ("null.py", b"from smolagents import tool\n\0\n", "null.py:2: null byte"),
        ("empty.py", b"", "empty.py: file is empty"),
        ("plain.py", b"x = 1\n", "plain.py: no tool in it"),
    ],
)
def test_what_cannot_be_judged_is_named_and_exits_3(
    name: str, data: bytes, says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / name).write_bytes(data)
    (here / "bad.py").write_text(BAD)
    assert main([name, "bad.py"]) == 3
    err = capsys.readouterr().err.splitlines()
    assert err[0].startswith(f"error: {says}")
    assert err[1].startswith("hint: ")


def test_a_missing_file_exits_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.py"]) == 3
    assert capsys.readouterr().err.startswith("error: nowhere.py: cannot read: No such file")


def test_a_folder_may_hold_files_without_tools_but_not_only_those(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "pkg").mkdir()
    (here / "pkg" / "__init__.py").write_text("")
    (here / "pkg" / "helpers.py").write_text("x = 1\n")
    assert main(["pkg"]) == 3
    assert "no tool found in 2 Python files" in capsys.readouterr().err
    (here / "pkg" / "good.py").write_text(GOOD)
    assert main(["pkg"]) == 0


def test_a_hook_may_pass_any_file_with_allow_no_tools(here: Path) -> None:
    (here / "plain.py").write_text("x = 1\n")
    (here / "empty.py").write_text("")
    assert main(["plain.py", "empty.py", "--allow-no-tools"]) == 0


def test_a_broken_file_in_a_folder_beats_a_finding(here: Path) -> None:
    (here / "bad.py").write_text(BAD)
    assert main(["."]) == 1
    (here / "broken.py").write_text("from smolagents import tool\ndef f(:\n")
    assert main(["."]) == 3


def test_a_folder_that_holds_a_link_to_itself_ends(here: Path) -> None:
    (here / "good.py").write_text(GOOD)
    (here / "loop").symlink_to(here)
    (here / "gone.py").symlink_to("nowhere.py")
    assert main(["."]) == 0


@pytest.mark.parametrize(
    "argv", [["--selct", "x"], ["--format", "xml"], ["--jobs", "many"], ["--fix=yes"], ["--select"]]
)
def test_a_slip_on_the_command_line_exits_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert "hint: " in capsys.readouterr().err


def test_an_unknown_option_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--selct", "x"]) == 2
    assert capsys.readouterr().err == "error: no such option: --selct\nhint: did you mean --select?\n"


def test_help_lists_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    from toolreg.lint.options import OPTIONS

    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(flag in out for option in OPTIONS for flag in option.flags)


def test_statistics_count_by_rule(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.py").write_text(BAD)
    assert main(["bad.py", "--statistics"]) == 1
    assert capsys.readouterr().out == "1  TRG503       input-call\n"


def test_a_report_can_go_into_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.py").write_text(BAD)
    assert main(["bad.py", "--format", "json", "-o", "report.json"]) == 1
    assert json.loads((here / "report.json").read_text())["findings"]
    assert capsys.readouterr().out == ""


def test_standard_input_is_judged_under_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert main(["-", "--stdin-filename", "tools/x.py", "--format", "concise"]) == 1
    assert capsys.readouterr().out.startswith("tools/x.py:20:12: TRG503")


def test_notes_are_shown_on_request_and_never_refuse(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "note.py").write_text("import math\n\n" + function_tool("return str(math.floor(len(text)))"))
    assert main(["note.py"]) == 0
    assert "1 note not shown" in capsys.readouterr().err
    assert main(["note.py", "--show", "info"]) == 0
    assert "TRG410" in capsys.readouterr().out
    assert main(["note.py", "--fail-on", "info"]) == 1


def test_rule_shows_why_with_a_bad_and_a_good_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert rule_main(["TRG501"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# TRG501 no-timeout")
    assert "## Bad" in out
    assert "## Good" in out


def test_rule_all_as_json_lists_every_rule_with_its_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert rule_main(["--all", "--format", "json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert len(rules) >= 45
    assert all(rule["doc"] and rule["bad"] and rule["good"] for rule in rules)


def test_an_unknown_rule_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert rule_main(["TRG999"]) == 2
    assert "no rule 'TRG999'" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_said_in_two_lines(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "good.py").write_text(GOOD)
    assert main(["good.py", "-o", "nowhere/report.txt"]) == 2
    assert (
        capsys.readouterr().err
        == "error: nowhere/report.txt: cannot write: No such file or directory\nhint: check --output\n"
    )


def test_a_fault_of_lint_itself_is_no_traceback_and_no_clean_bill(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "good.py").write_text(GOOD)
    from toolreg.lint import runner

    monkeypatch.setattr(runner, "Selection", lambda config: config.no_such_thing)
    assert main(["good.py"]) == 3
    assert capsys.readouterr().err.startswith("error: internal error: AttributeError")
    with pytest.raises(AttributeError):
        main(["good.py", "--debug"])
