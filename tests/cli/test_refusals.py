"""What goes wrong is one line with what to do, whatever the command: no traceback, no "internal error"."""

from pathlib import Path

import pytest

from toolreg.cli.app import run, told
from toolreg.errors import NOT_JUDGED, USAGE

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
