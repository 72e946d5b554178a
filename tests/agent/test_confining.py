"""A tool passed as an object runs in the sandbox, as one that is named does."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from toolreg.agent import AgentPolicy, ScriptedModel, build, confine
from toolreg.agent.doctor.project import project
from toolreg.agent.scripted import code
from toolreg.effects import Effect
from toolreg.errors import SourceError, UsageError
from toolreg.load import ToolFailed

LOOSE = '''
import os

from smolagents import Tool, tool

WORD = "outside"


@tool
def where() -> int:
    """Tell the process that this runs in.

    Side effects: none

    Returns:
        Its number.
    """
    return os.getpid()


@tool
def nosy(name: str) -> str:
    """Read a variable that it does not declare.

    Side effects: none

    Args:
        name: Which.

    Returns:
        Its value.
    """
    return os.environ[name] + WORD


@tool
def silent(text: str) -> str:
    """Say nothing of effects.

    Args:
        text: A text.

    Returns:
        The text.
    """
    return text


class Doubled(Tool):
    """Double a text.

    Side effects: none
    """

    name = "doubled"
    description = "Double a text."
    inputs = {"text": {"type": "string", "description": "A text."}}
    output_type = "string"

    def forward(self, text: str) -> str:
        return text * 2


class Repeated(Doubled):
    """Repeat a text.

    Side effects: none
    """

    name = "repeated"

    def __init__(self, times: int = 3):
        super().__init__()
        self.times = times

    def forward(self, text: str) -> str:
        return text * self.times
'''


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[ModuleType]:
    """A module of the user's own, imported."""
    (tmp_path / "loose_tools.py").write_text(LOOSE)
    spec = importlib.util.spec_from_file_location("loose_tools", tmp_path / "loose_tools.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["loose_tools"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["loose_tools"]


def test_a_function_runs_elsewhere(loose: Any) -> None:
    assert loose.where() == os.getpid()
    confined = confine(loose.where)
    assert confined() != os.getpid()
    assert confined.effects == ()
    assert (confined.name, confined.description) == (loose.where.name, confine(loose.where).description)


def test_it_gets_nothing_that_it_does_not_declare(loose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    assert loose.nosy("SECRET_TOKEN") == "s3cr3toutside"
    with pytest.raises(ToolFailed, match="KeyError"):
        confine(loose.nosy)("SECRET_TOKEN")


def test_a_class_runs_too(loose: Any) -> None:
    assert confine(loose.Doubled())("ab") == "abab"


def test_what_is_confined_stays_as_it_is(loose: Any) -> None:
    once = confine(loose.where)
    assert confine(once) is once


def test_a_tool_that_declares_nothing_is_refused(loose: Any) -> None:
    with pytest.raises(SourceError, match="declares no effects"):
        confine(loose.silent)


def test_a_tool_that_was_given_arguments_is_refused(loose: Any) -> None:
    with pytest.raises(UsageError, match=r"made with arguments \(times\)"):
        confine(loose.Repeated(5))


def test_a_tool_without_a_file_is_refused() -> None:
    names: dict[str, Any] = {}
    exec(LOOSE.partition("@tool")[0], names)
    body = "class Made(Tool):\n    name, description, inputs, output_type = 'made', 'M.', {}, 'string'\n"
    exec(body + "    def forward(self) -> str:\n        return 'x'\n", names)
    with pytest.raises(SourceError, match="stands in no file"):
        confine(names["Made"]())


def test_an_agent_that_is_built_with_objects_has_them_confined(loose: Any) -> None:
    policy = AgentPolicy(tokens=1000)
    agent = build(policy, ScriptedModel([code("final_answer(where())")]), tools=[loose.where])
    with agent:
        assert agent.run("where?") != os.getpid()
        (finding,) = [
            f for f in project(Path("/nowhere"), policy, agent) if f.check == "every tool is confined"
        ]
    assert finding.status == "pass"


def test_the_doctor_is_not_fooled_by_effects_that_nothing_holds(loose: Any) -> None:
    policy = AgentPolicy(tokens=1000)
    with build(policy, ScriptedModel(["x"])) as agent:
        loose.where.effects = (Effect.parse("net: example.com"),)
        agent.tools["where"] = loose.where
        (finding,) = [
            f for f in project(Path("/nowhere"), policy, agent) if f.check == "every tool is confined"
        ]
    assert (finding.status, finding.detail) == ("fail", "where")
