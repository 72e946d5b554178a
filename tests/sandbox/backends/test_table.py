"""The page's table is the code's, and what it says is what calls show."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.effects import KINDS
from toolreg.sandbox import Sandbox
from toolreg.sandbox.backends import table
from toolreg.sandbox.backends.choice import NAMES

from .conftest import Run

PAGE = Path(__file__).parents[3] / "docs/sandbox-backends.md"


def test_the_page_shows_the_table() -> None:
    assert table.markdown() in PAGE.read_text("utf-8")


def test_every_backend_has_its_column() -> None:
    assert set(table.LEVELS) == set(table.SEES) == set(table.NEEDS) == set(NAMES)
    rows = {row for row, _ in table.HOLDS}
    assert all(set(levels) == rows for levels in table.LEVELS.values())
    assert all(set(kinds) <= set(KINDS) for kinds in table.SEES.values())


@pytest.mark.xdist_group("docker")
def test_what_a_backend_does_not_see_every_call_says(run: Run, sandbox: Sandbox) -> None:
    assert set(run("return 1").unseen) == set(KINDS) - set(table.SEES[sandbox.backend])


@pytest.mark.xdist_group("docker")
def test_who_has_a_kernel_of_its_own_says_so_in_the_probe(sandbox: Sandbox) -> None:
    own = sandbox.probe().capabilities.get("own kernel")
    if own is not None and not own.mechanism.startswith("gVisor"):
        assert own.level == table.LEVELS[sandbox.backend]["own kernel"]
