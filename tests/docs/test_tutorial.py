"""The tutorial works, from the first line to the last, in an empty home."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tutorial", Path(__file__).with_name("tutorial.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["tutorial"] = module
    spec.loader.exec_module(module)
    return module


tutorial = _runner()


@pytest.mark.slow
def test_every_line_of_the_tutorial_works_in_an_empty_home(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    folder.mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "TERM": "dumb"}
    steps = list(tutorial.steps_of((ROOT / "docs/tutorial.md").read_text()))
    assert len(steps) > 15
    for step in steps:
        problem = tutorial.perform(step, folder, env)
        assert not problem, problem
    assert (folder / "pages/index.html").is_file()


@pytest.mark.parametrize(
    ("wanted", "printed", "same"),
    [
        (("a", "b"), "b\na\n", True),
        (("a",), "a\nb\n", False),
        (("a", "…"), "a\nb\nc\n", True),
        (("a … c",), "a b c\n", True),
        (("a",), "", False),
        (("a", "a"), "a\n", False),
        ((), "anything\n", True),
    ],
)
def test_what_is_printed_is_compared(wanted: tuple[str, ...], printed: str, same: bool) -> None:
    assert (tutorial.differs(wanted, printed) == "") is same
