"""A model that streams: its deadline, its tokens and its record are those of one that answers at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent, LogLevel, Model, ToolCallingAgent
from smolagents.models import (
    ChatMessageStreamDelta,
    ChatMessageToolCallFunction,
    ChatMessageToolCallStreamDelta,
)
from smolagents.monitoring import TokenUsage

from toolreg.agent import Budget, Ending, TraceWriter, read_trace, run_agent
from toolreg.agent.run import Outcome
from toolreg.agent.scripted import code
from toolreg.agent.trace import Trace


class Streaming(Model):
    """Gives these bits; calls those that can be called."""

    def __init__(self, *bits: Any) -> None:
        super().__init__(model_id="streaming")
        self.bits = bits

    def generate(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("it streams, and nothing else")

    def generate_stream(self, *_: Any, **__: Any) -> Iterator[Any]:
        for bit in self.bits:
            yield bit() if callable(bit) else bit


def bit(text: Any = "", tokens: TokenUsage | None = None, calls: Any = None) -> ChatMessageStreamDelta:
    return ChatMessageStreamDelta(content=text, token_usage=tokens, tool_calls=calls)


def streamed(
    code_agent: Callable[..., CodeAgent], folder: Path, *bits: Any, **budget: Any
) -> tuple[Outcome, Trace]:
    agent = code_agent("x")
    agent.model, agent.stream_outputs = Streaming(*bits), True
    agent.python_executor.start()  # its time is none of the deadline's
    outcome = run_agent(agent, "x", budget=Budget(**{"max_steps": 1, **budget}), trace=TraceWriter(folder))
    return outcome, read_trace(folder)


def test_a_streamed_answer_is_run_counted_and_recorded(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    bits = [*map(bit, code("final_answer(3)")), bit("", TokenUsage(5, 6))]
    outcome, trace = streamed(code_agent, tmp_path, *bits)
    assert (outcome.answer, outcome.input_tokens, outcome.output_tokens) == (3, 5, 6)
    assert next(trace.of("model"))["output"] == code("final_answer(3)")


@pytest.mark.parametrize("before", [[], [bit("Th")]], ids=["before the first word", "in the middle"])
def test_a_stream_that_falls_silent_ends_at_the_deadline(
    code_agent: Callable[..., CodeAgent], tmp_path: Path, before: list[Any]
) -> None:
    outcome, trace = streamed(code_agent, tmp_path, *before, lambda: time.sleep(3600), deadline=4)
    assert (outcome.ending, trace.state) == (Ending.DEADLINE, "deadline")
    assert next(trace.of("model"))["error"] == "no answer before the deadline"


def test_a_stream_that_breaks_off_is_on_record_as_far_as_it_came(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    def breaks() -> None:
        raise ValueError("line cut")

    outcome, trace = streamed(code_agent, tmp_path, bit("so far"), breaks)
    assert outcome.ending is Ending.ERROR
    event = next(trace.of("model"))
    assert (event["output"], event["error"]) == ("so far", "ValueError: line cut")


@pytest.mark.parametrize("odd", [None, 5, bit(5), bit(["a"]), "text"], ids=repr)
def test_odd_bits_end_in_a_named_state(
    code_agent: Callable[..., CodeAgent], tmp_path: Path, odd: Any
) -> None:
    outcome, trace = streamed(code_agent, tmp_path, bit("x"), odd)
    assert outcome.ending in (Ending.ERROR, Ending.MAX_STEPS)
    assert (trace.problem, trace.state) == ("", str(outcome.ending))


def test_a_streamed_flood_of_tokens_ends_the_run(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    outcome, _ = streamed(code_agent, tmp_path, bit("x", TokenUsage(10**6, 1)), tokens=100, max_steps=9)
    assert outcome.ending is Ending.TOKENS


def test_streamed_tool_calls_are_on_record(tmp_path: Path) -> None:
    def part(name: str, arguments: str) -> ChatMessageStreamDelta:
        function = ChatMessageToolCallFunction(name=name, arguments=arguments)
        call = ChatMessageToolCallStreamDelta(index=0, id="1", type="function", function=function)
        return bit("", None, [call])

    model = Streaming(part("final_answer", '{"answer": '), part("", "7}"))
    agent = ToolCallingAgent([], model, stream_outputs=True, verbosity_level=LogLevel.OFF)
    assert run_agent(agent, "x", trace=TraceWriter(tmp_path)).answer == 7
    assert next(read_trace(tmp_path).of("model"))["tool_calls"] == [
        {"name": "final_answer", "arguments": '{"answer": 7}'}
    ]
