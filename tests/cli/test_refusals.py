"""What goes wrong is one line with what to do, whatever the command: no traceback, no "internal error"."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import toolreg
from toolreg.cli.app import run
from toolreg.cli.failures import told
from toolreg.errors import GOOD, NOT_JUDGED, USAGE

LONG = "a" * 5000


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.mark.parametrize("command", ["show", "verify", "add", "diff", "review"])
def test_a_name_longer_than_any_file_s_is_refused_in_one_short_line(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, LONG]) in (USAGE, NOT_JUDGED)
    told_first = capsys.readouterr().err.splitlines()[0]
    assert told_first.startswith("error: ")
    assert "internal" not in told_first
    assert len(told_first) < 2500


@pytest.mark.parametrize("command", ["effects", "check", "publish", "lint"])
def test_a_folder_without_tools_is_not_judged(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "."]) == NOT_JUDGED
    assert "no tool found" in capsys.readouterr().err


def test_a_missing_extra_is_named_with_the_way_to_get_it() -> None:
    error = told(ModuleNotFoundError("No module named 'mcp'", name="mcp.server"))
    assert error.hint == "pip install 'smolagents-toolreg[mcp]'"


def test_a_module_of_no_extra_that_is_missing_is_our_own_fault() -> None:
    assert "internal error" in told(ModuleNotFoundError("No module named 'nope'", name="nope")).message


def test_a_full_disk_is_told_with_the_file() -> None:
    error = told(OSError(28, "No space left on device", "/work/out.json"))
    assert str(error) == "/work/out.json: No space left on device"
    assert error.hint == "make room and run it again"


def test_brackets_in_a_help_text_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    run(["run", "--help"])
    assert "[@REVISION]" in "".join(capsys.readouterr().out.split())
    run(["--help"])
    assert "[tool.toolreg]" in capsys.readouterr().out


SPEAKING = [
    ["rule", "--all"],
    ["lint", "--format", "json", ".."],
    ["effects", ".."],
    ["config", "schema"],
    ["--help"],
]


@pytest.mark.parametrize("command", SPEAKING, ids=" ".join)
def test_output_that_cannot_be_written_is_told_once_and_refused(
    command: list[str], write_tool: Callable
) -> None:
    write_tool("return text")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "toolreg", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert done.returncode == NOT_JUDGED
    first, hint = done.stderr.splitlines()
    assert "No space left on device" in first
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("command", SPEAKING, ids=" ".join)
def test_a_reader_who_left_is_no_fault(command: list[str], write_tool: Callable) -> None:
    write_tool("return text")
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "toolreg", *command],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert done.stderr == ""
    assert done.returncode in (GOOD, NOT_JUDGED)  # what was not told to the end is no pass


@pytest.mark.parametrize(
    "command", ["lint missing.py", "effects missing.py", "rule TRG501", "run missing.py"]
)
def test_closed_streams_change_no_exit_code(command: str) -> None:
    program = f"{sys.executable} -m toolreg {command}"
    codes = [
        subprocess.run(
            ["sh", "-c", f"{program} {streams}"], stderr=subprocess.DEVNULL, timeout=120
        ).returncode
        for streams in (">/dev/null", "<&- >&- 2>&-")
    ]
    assert codes[0] == codes[1]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("search x --limit x", "--limit: Input should be a valid integer"),
        ("search x --format x", "--format: 'x' is not one of 'text', 'json'."),
        ("search x --effect bogus", "'bogus' is no effect"),
        ("search x --host a:b:c", ""),
        ("publish . --expires 99999999999", "--expires: "),
        ("publish . --version 1.x", "'1.x' is no version"),
        ("publish . --sdk x", "--sdk: 'x' is not one of"),
        ("run probe.py text=a text=b", "argument 'text' is given twice"),
        ("new agent 1x", "'1x' is no name for an agent"),
        ("show", "which tool?"),
    ],
)
def test_a_wrong_word_on_the_command_line_is_named(
    command: str,
    words: str,
    write_tool: Callable,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(write_tool("return text").parent)
    assert run(command.split()) == USAGE
    first, hint = capsys.readouterr().err.splitlines()
    assert first.startswith(f"error: {words}")
    assert hint.startswith("hint: ")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == GOOD
    assert capsys.readouterr().out == f"toolreg {toolreg.__version__}\n"


def test_a_hub_that_cannot_serve_does_not_say_that_it_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    assert run(["hub", "serve", "--port", "0", "--root", str(tmp_path / "file")]) == NOT_JUDGED
    said = capsys.readouterr().err
    assert "serving" not in said
    assert "file" in said.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["agent", "run", "x", "--max-step", "3"], "did you mean --max-steps? toolreg agent run --help"),
        (["new", "tool"], "toolreg new tool --help"),
        (["trace", "show", "--nonsense"], "toolreg trace show --help"),
        (["search", "--nonsense"], "toolreg search --help"),
    ],
    ids=" ".join,
)
def test_the_hint_names_the_help_of_the_very_command(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == USAGE
    assert hint in capsys.readouterr().err


def test_completion_is_good(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--show-completion", "bash"]) == GOOD
    assert "_TOOLREG_COMPLETE" in capfd.readouterr().out
