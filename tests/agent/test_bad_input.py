"""Models, tools and servers at their worst: the run ends in a named state, and its record is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from smolagents import ChatMessage, CodeAgent, LogLevel, MessageRole, Model, Tool, ToolCallingAgent

from toolreg.agent import Budget, Ending, ScriptedModel, TraceWriter, open_tools, read_trace, run_agent
from toolreg.agent.run import Outcome
from toolreg.agent.scripted import code
from toolreg.load.failure import ToolFailed

BAD_TOOL = '''
import os
import time

from smolagents import tool


@tool
def bad(what: str) -> str:
    """Do something bad.

    Side effects: none

    Args:
        what: Which.

    Returns:
        A text.
    """
    if what == "hang":
        time.sleep(600)
    if what == "spin":
        while True:
            pass
    if what == "die":
        os._exit(9)
    if what == "kill":
        os.kill(os.getpid(), 9)
    if what == "flood":
        print("x" * 50_000_000)
    if what == "huge":
        return "x" * 50_000_000
    if what == "deep":
        return bad(what)
    return "still here"
'''


@pytest.fixture
def bad(tmp_path: Path) -> Tool:
    """A tool that misbehaves as its argument says."""
    (tmp_path / "bad.py").write_text(BAD_TOOL)
    (made,) = open_tools([str(tmp_path / "bad.py")])
    return made


def on_record(agent: Any, folder: Path, **options: Any) -> Outcome:
    """Run it; its record is whole."""
    folder.mkdir()
    outcome = run_agent(agent, "x", trace=TraceWriter(folder), **options)
    trace = read_trace(folder)
    assert (trace.problem, trace.state) == ("", str(outcome.ending))
    return outcome


@pytest.mark.parametrize("what", ["hang", "spin", "die", "kill", "flood", "huge", "deep"])
def test_a_tool_at_its_worst_fails_its_step_alone(
    code_agent: Callable[..., CodeAgent], bad: Tool, what: str, tmp_path: Path
) -> None:
    agent = code_agent(code(f"bad({what!r})"), code("final_answer(bad('nothing'))"), with_tools=(bad,))
    outcome = on_record(agent, tmp_path / "run", budget=Budget(step_timeout=2))
    assert (outcome.ending, outcome.answer) == (Ending.SUCCESS, "still here")
    if what not in ("flood", "kill"):  # prints are cut, and there is nobody whom it may kill
        assert agent.memory.steps[1].error is not None


@pytest.mark.parametrize("what", ["hang", "die"])
def test_so_it_does_for_a_tool_calling_agent(bad: Tool, what: str, tmp_path: Path) -> None:
    replies = [
        {"tool": "bad", "arguments": {"what": what}},
        {"tool": "final_answer", "arguments": {"answer": "went on"}},
    ]
    agent = ToolCallingAgent([bad], ScriptedModel(replies), verbosity_level=LogLevel.OFF)
    outcome = on_record(agent, tmp_path / "run", budget=Budget(step_timeout=2))
    assert (outcome.ending, outcome.answer) == (Ending.SUCCESS, "went on")
    assert agent.memory.steps[1].error is not None


class Odd(Model):
    """Answers with whatever it was given."""

    def __init__(self, answer: Any) -> None:
        super().__init__(model_id="odd")
        self.answer = answer

    def generate(self, *_: Any, **__: Any) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "a text and no message",
        ChatMessage(role=MessageRole.ASSISTANT, content=None),
        ChatMessage(role=MessageRole.ASSISTANT, content=""),
        ChatMessage(role=MessageRole.ASSISTANT, content="\ud800\x00\x1b[2J"),
        ChatMessage(role=MessageRole.ASSISTANT, content=code("\x00")),
        ChatMessage(role=MessageRole.ASSISTANT, content=code("(" * 5000)),
        ChatMessage(role=MessageRole.ASSISTANT, content=code("x = " + "1+" * 20_000 + "1")),
        ChatMessage(role=MessageRole.ASSISTANT, content=code("raise SystemExit(7)")),
        ChatMessage(role=MessageRole.ASSISTANT, content=code("raise KeyboardInterrupt")),
        ChatMessage(role=MessageRole.ASSISTANT, content=code("import os, subprocess")),
        ChatMessage(role=MessageRole.ASSISTANT, content=[{"type": "text", "text": "in parts"}]),
        ValueError("no answer today"),
        RecursionError("too deep"),
        MemoryError(),
    ],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.parametrize("kind", ["code", "tool-calling"])
def test_whatever_a_model_answers_the_run_ends_in_a_named_state(
    code_agent: Callable[..., CodeAgent], answer: Any, kind: str, tmp_path: Path
) -> None:
    if kind == "code":
        agent: Any = code_agent("x")
        agent.model = Odd(answer)
    else:
        agent = ToolCallingAgent([], Odd(answer), verbosity_level=LogLevel.OFF)
    outcome = on_record(agent, tmp_path / "run", budget=Budget(max_steps=2, deadline=60))
    assert outcome.ending in (Ending.MAX_STEPS, Ending.ERROR)


@pytest.mark.parametrize(
    "call",
    [
        {"tool": "nothing", "arguments": {}},
        {"tool": "bad", "arguments": "not json {"},
        {"tool": "bad", "arguments": {"what": ["a"]}},
        {"tool": "bad", "arguments": {"what": "x", "more": 1}},
        {"tool": "bad", "arguments": {}},
        {"tool": "", "arguments": {}},
        {"tool": "final_answer", "arguments": {"wrong": 1}},
        {"tool": "final_answer", "arguments": {}},
    ],
    ids=str,
)
def test_calls_that_fit_nothing_end_in_a_named_state(bad: Tool, call: Any, tmp_path: Path) -> None:
    agent = ToolCallingAgent([bad], ScriptedModel([call]), verbosity_level=LogLevel.OFF)
    outcome = on_record(agent, tmp_path / "run", budget=Budget(max_steps=2))
    assert outcome.ending in (Ending.MAX_STEPS, Ending.ERROR), outcome


class Quits(Tool):  # type: ignore[misc,unused-ignore]
    """A tool of the user's own process that would take it along."""

    name, description, inputs, output_type = "quits", "Quits.", {}, "any"
    effects = ()

    def __init__(self, how: BaseException) -> None:
        super().__init__()
        self.how = how

    def forward(self) -> Any:
        raise self.how


@pytest.mark.parametrize("how", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()], ids=repr)
@pytest.mark.parametrize("kind", ["code", "tool-calling"])
def test_a_tool_cannot_end_the_process_that_calls_it(
    code_agent: Callable[..., CodeAgent], how: BaseException, kind: str, tmp_path: Path
) -> None:
    tool = Quits(how)
    if kind == "code":
        agent: Any = code_agent(code("quits()"), code("final_answer('went on')"), with_tools=(tool,))
    else:
        replies = [{"tool": "quits"}, {"tool": "final_answer", "arguments": {"answer": "went on"}}]
        agent = ToolCallingAgent([tool], ScriptedModel(replies), verbosity_level=LogLevel.OFF)
    outcome = on_record(agent, tmp_path / "run")
    assert (outcome.ending, outcome.answer) == (Ending.SUCCESS, "went on")
    assert f"ended itself with {type(how).__name__}" in str(agent.memory.steps[1].error.message)


def test_a_model_that_exits_is_an_error(code_agent: Callable[..., CodeAgent], tmp_path: Path) -> None:
    agent = code_agent("x")
    agent.model = Odd(SystemExit(3))
    assert on_record(agent, tmp_path / "run").ending is Ending.ERROR


def test_a_callback_that_exits_does_so_with_the_end_on_record(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    def leave(step: Any, agent: Any = None) -> None:
        del step, agent
        raise SystemExit(4)

    agent = code_agent(code("x = 1"), step_callbacks=[leave])
    with pytest.raises(SystemExit):
        run_agent(agent, "x", trace=TraceWriter(tmp_path))
    trace = read_trace(tmp_path)
    assert (trace.problem, trace.state) == ("", "error")


PICTURE = '''
from smolagents import Tool


class Picture(Tool):
    """Draw a picture.

    Side effects: none
    """

    name = "picture"
    description = "Draw a picture."
    inputs = {"side": {"type": "integer", "description": "Pixels."}}
    output_type = "image"

    def forward(self, side: int):
        from PIL import Image

        return Image.new("RGB", (side, side), "red") if side > 0 else object()
'''


def test_a_picture_of_an_unpublished_tool_is_one(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    (tmp_path / "picture.py").write_text(PICTURE)
    (picture,) = open_tools([str(tmp_path / "picture.py")])
    assert picture(side=3).size == (3, 3)
    agent = code_agent(code("final_answer(picture(side=2))"), with_tools=(picture,))
    assert run_agent(agent, "x").answer.startswith(b"\x89PNG")


def test_what_cannot_leave_the_sandbox_is_an_error_and_no_text_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "picture.py").write_text(PICTURE)
    (picture,) = open_tools([str(tmp_path / "picture.py")])
    with pytest.raises(ToolFailed, match="picture"):
        picture(side=0)
