"""A waiver says why, may say who and until when, and waives nothing once it has ended."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from toolreg.lint import LintConfig, lint
from toolreg.lint.waiver import Waiver, read_waiver, today

SOURCE = '''import requests
from smolagents import tool


@tool
def page(url: str) -> str:
    """Read a page.

    Side effects:
        net: {url}
    """
    return requests.get(url).text  # toolreg: ignore[TRG501] WHY
'''


@pytest.mark.parametrize(
    ("text", "waiver"),
    [
        ("the server ends it", Waiver("the server ends it")),
        ("idle (until 2027-03-31, by maria)", Waiver("idle", "maria", date(2027, 3, 31))),
        ("idle (by Maria Gomez)", Waiver("idle", "Maria Gomez")),
        ("idle (until 2027-03-31)", Waiver("idle", "", date(2027, 3, 31))),
        ("ends by itself (see RFC 9110)", Waiver("ends by itself (see RFC 9110)")),
    ],
)
def test_who_and_until_when_are_fields_of_their_own(text: str, waiver: Waiver) -> None:
    assert read_waiver(text) == waiver


@pytest.mark.parametrize(
    "fields", ["until March", "until 2027-02-30", "by a, by b", "until 2027-03-31 by maria, so"]
)
def test_fields_that_cannot_be_read_are_a_problem(fields: str) -> None:
    assert read_waiver(f"idle ({fields})").problem


def test_it_holds_on_its_last_day() -> None:
    waiver = read_waiver("idle (until 2027-03-31)")
    assert not waiver.ended(date(2027, 3, 31))
    assert waiver.ended(date(2027, 4, 1))


def found(tmp_path: Path, why: str) -> dict[str, tuple[str, str | None]]:
    (tmp_path / "page.py").write_text(SOURCE.replace("WHY", why))
    result = lint([str(tmp_path)], LintConfig(cache="", select=("TRG501", "TRG002", "TRG001")))
    return {f.code: (f.message, f.suppressed) for f in result.findings}


def test_until_its_end_it_hides_what_it_names(tmp_path: Path) -> None:
    why = f"idle calls end (until {today()}, by maria)"
    assert found(tmp_path, why) == {"TRG501": (found(tmp_path, why)["TRG501"][0], why)}


def test_after_its_end_it_hides_nothing_and_says_so(tmp_path: Path) -> None:
    said = found(tmp_path, f"idle calls end (until {today() - timedelta(days=1)})")
    assert said["TRG501"][1] is None
    assert "so it hides nothing any more" in said["TRG002"][0]


def test_an_unreadable_end_hides_nothing(tmp_path: Path) -> None:
    said = found(tmp_path, "idle calls end (until next spring)")
    assert said["TRG501"][1] is None
    assert "write it as 2027-03-31" in said["TRG002"][0]


def test_a_file_whose_waiver_ends_is_judged_anew_and_others_are_not(tmp_path: Path) -> None:
    """The cache would say tomorrow what was true today."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "page.py").write_text(SOURCE.replace("WHY", f"idle calls end (until {today()})"))
    (tools / "other.py").write_text(SOURCE.replace("def page", "def other").replace("WHY", "idle calls end"))
    for path in tools.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    time.sleep(0.05)  # a file is remembered once it is older than the clock's grain
    config = LintConfig(cache=str(tmp_path / "cache"))
    assert [lint([str(tools)], config).judged for _ in range(3)] == [2, 1, 1]
