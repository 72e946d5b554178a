"""A tool that asks for it keeps its state; its crash loses one call and no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from toolreg.load import Room, ToolFailed, load_tool
from toolreg.sandbox import Killed, Limits, Returned

CODE = """import os
import time

from smolagents import Tool


class Try(Tool):
    name = "try_it"
    description = "Try something."
    inputs = {"text": {"type": "string", "description": "x"}}
    output_type = "any"
SETUP
    def forward(self, text):
        self.count = getattr(self, "count", 0) + 1
        if text == "crash":
            os._exit(9)
        if text == "hang":
            time.sleep(60)
        if text == "raise":
            raise ValueError("no")
        if text == "long":
            return "x" * 3_000_000
        if text == "own":
            return object()
        if text == "shout":
            for number in range(3, 64):
                try:
                    os.write(number, b"unasked")
                except OSError:
                    pass
        if text == "read":
            return open("/etc/hostname").read()
        return [text, self.count, os.getpid()]
"""
SETUP = """
    def setup(self):
        self.count = 100
        self.is_initialized = True
"""


@pytest.fixture
def loaded(shelf, trust):
    made = []

    def load(setup=SETUP, effects=(), **limits):
        inputs = {"text": {"type": "string", "description": "x"}}
        shelf.publish("acme/try", code=CODE.replace("SETUP", setup), entry="Try", name="try_it", inputs=inputs,
                      output_type="any", effects=effects)  # fmt: skip
        room = Room(limits=Limits(**limits)) if limits else None
        made.append(load_tool("acme/try", fetch=shelf.fetch, trust=trust, room=room))
        return made[-1]

    yield load
    for tool in made:
        tool.close()


def test_a_tool_with_setup_keeps_its_state(loaded):
    tool = loaded()
    (_, first, pid), (_, second, again) = tool("a"), tool("b")
    assert (first, second, pid) == (101, 102, again)
    assert isinstance(tool.last.outcome, Returned)
    assert tool.last.isolation.tier in ("A", "B")
    assert "net" in tool.last.unseen


def test_a_tool_without_setup_keeps_nothing(loaded):
    tool = loaded(setup="")
    assert [tool("a")[1], tool("b")[1]] == [1, 1]


def test_a_tool_whose_effects_depend_on_the_call_is_run_afresh(loaded):
    tool = loaded(effects=("read:{text}",))
    assert [tool("a")[1], tool("b")[1]] == [101, 101]


def test_an_error_keeps_the_state_and_a_crash_loses_one_call(loaded):
    tool = loaded()
    assert tool("a")[1] == 101
    with pytest.raises(ToolFailed, match="raised ValueError: no"):
        tool("raise")
    assert tool("a")[1] == 103
    with pytest.raises(ToolFailed, match="was stopped: exit 9"):
        tool("crash")
    assert isinstance(tool.last.outcome, Killed)
    assert tool("a")[1] == 101


def test_calls_at_once_are_answered_each_with_its_own_though_some_crash(loaded):
    tool = loaded()

    def call(text):
        try:
            return tool(text)[0]
        except ToolFailed:
            return "lost"

    texts = [("crash" if n % 5 == 4 else str(n)) for n in range(20)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(call, texts))
    assert answers == ["lost" if text == "crash" else text for text in texts]


def test_a_hanging_call_is_ended_and_the_next_one_runs(loaded):
    tool = loaded(wall=1.0)
    with pytest.raises(ToolFailed, match="was stopped: timeout"):
        tool("hang")
    assert tool("a")[1] == 101


def test_it_may_do_no_more_than_it_promised(loaded):
    with pytest.raises(ToolFailed, match="raised"):
        loaded()("read")


def test_long_results_and_own_kinds(loaded):
    tool = loaded()
    assert len(tool("long")) == 3_000_000
    assert [len(page) for page in tool.pages("long")] == [1 << 20, 1 << 20, 3_000_000 - (2 << 20)]
    with pytest.raises(ToolFailed, match="returned more than 1 MiB"):
        loaded(result=1 << 20)("long")
    assert tool("own").startswith("<object object")


def test_one_that_speaks_without_being_asked_is_not_believed(loaded):
    tool = loaded()
    with pytest.raises(ToolFailed):
        tool("shout")
    assert tool("a")[1] == 101
