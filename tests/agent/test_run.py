"""A run ends in a named state, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent, LogLevel, Tool, ToolCallingAgent

from toolreg.agent import Budget, Ending, ScriptedModel, TraceWriter, read_trace, run_agent
from toolreg.agent.calls import asking_gate
from toolreg.agent.scripted import code
from toolreg.effects import Effect
from toolreg.errors import NotAllowed, SandboxUnavailable


def effectful(name: str, *effects: str) -> Tool:
    class Made(Tool):
        description, output_type = "Do something.", "string"
        inputs = {"what": {"type": "string", "description": "What."}}  # noqa: RUF012 - as smolagents wants it

        def forward(self, what: str) -> str:
            return f"did {what}"

    Made.name = name
    tool = Made()
    tool.effects = tuple(map(Effect.parse, effects))
    return tool


def test_an_answer_is_success(code_agent: Callable[..., CodeAgent]) -> None:
    outcome = run_agent(code_agent(code("final_answer(add(1, 2))")), "add")
    assert (outcome.ending, outcome.answer, outcome.steps) == (Ending.SUCCESS, 3, 1)
    assert outcome.output_tokens > 0


def test_garbage_for_ever_ends_at_the_steps(code_agent: Callable[..., CodeAgent]) -> None:
    outcome = run_agent(code_agent("blah"), "x", budget=Budget(max_steps=3))
    assert (outcome.ending, outcome.error) == (Ending.MAX_STEPS, "no final answer within 3 steps")


def test_an_endless_run_ends_at_the_deadline(code_agent: Callable[..., CodeAgent]) -> None:
    outcome = run_agent(code_agent(code("x = 1")), "x", budget=Budget(max_steps=10**6, deadline=0.7))
    assert outcome.ending is Ending.DEADLINE


def test_a_model_that_hangs_ends_at_the_deadline(code_agent: Callable[..., CodeAgent]) -> None:
    def hang(_: Any) -> str:
        time.sleep(3)
        return "late"

    outcome = run_agent(code_agent(hang), "x", budget=Budget(deadline=0.3))
    assert outcome.ending is Ending.DEADLINE
    assert outcome.seconds < 3


def test_code_that_hangs_ends_at_the_deadline(code_agent: Callable[..., CodeAgent]) -> None:
    agent = code_agent(code("while True: pass"))
    outcome = run_agent(agent, "x", budget=Budget(deadline=1.0, step_timeout=60))
    assert outcome.ending is Ending.DEADLINE


def test_tokens_are_a_budget(code_agent: Callable[..., CodeAgent]) -> None:
    outcome = run_agent(code_agent(code("x = 1")), "x", budget=Budget(tokens=2000))
    assert outcome.ending is Ending.TOKENS
    assert outcome.input_tokens >= 2000


def test_a_broken_model_is_an_error(code_agent: Callable[..., CodeAgent]) -> None:
    def broken(_: Any) -> str:
        raise ConnectionError("nobody is there")

    outcome = run_agent(code_agent(broken), "x")
    assert outcome.ending is Ending.ERROR
    assert "nobody is there" in outcome.error


def test_an_interrupt_is_named(code_agent: Callable[..., CodeAgent]) -> None:
    def interrupted(_: Any) -> str:
        raise KeyboardInterrupt

    assert run_agent(code_agent(interrupted), "x").ending is Ending.INTERRUPTED


def test_a_sandbox_that_cannot_be_had_is_on_record_as_an_error(
    code_agent: Callable[..., CodeAgent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object) -> None:
        raise SandboxUnavailable("not on this machine")

    agent = code_agent(code("final_answer(1)"))
    monkeypatch.setattr("toolreg.agent.executor.open_session", unavailable)
    with pytest.raises(SandboxUnavailable):
        run_agent(agent, "x", trace=TraceWriter(tmp_path))
    trace = read_trace(tmp_path)
    assert (trace.state, trace.problem, agent.model.seen) == ("error", "", [])


def test_an_answer_of_ten_megabytes_is_cut(code_agent: Callable[..., CodeAgent], tmp_path: Path) -> None:
    agent = code_agent("x" * 10_000_000, code("final_answer(1)"))
    outcome = run_agent(agent, "x", trace=TraceWriter(tmp_path))
    assert outcome.answer == 1
    assert sum(f.stat().st_size for f in tmp_path.rglob("*") if f.is_file()) < 2_000_000


def test_an_agent_can_be_run_again_after_any_end(code_agent: Callable[..., CodeAgent]) -> None:
    agent = code_agent("blah", code("while True: pass"), code("final_answer(add(2, 2))"))
    endings = [run_agent(agent, "x", budget=Budget(max_steps=1, step_timeout=0.4)).ending for _ in range(2)]
    assert set(endings) <= {Ending.MAX_STEPS, Ending.SUCCESS}
    assert run_agent(agent, "x").answer == 4
    assert type(agent.model) is ScriptedModel


def test_an_unsafe_set_of_tools_is_refused_before_anything_runs(code_agent: Callable[..., CodeAgent]) -> None:
    both = (effectful("notes", "read: {what}"), effectful("page", "net: {what}"))
    agent = code_agent(code("final_answer(1)"), with_tools=both)
    with pytest.raises(NotAllowed, match="private data: notes; untrusted content: page; a way out: page"):
        run_agent(agent, "x")
    assert agent.model.seen == []
    assert run_agent(agent, "x", allow_trifecta=True).answer == 1


def test_a_destructive_call_is_refused_where_nobody_can_be_asked(
    code_agent: Callable[..., CodeAgent],
) -> None:
    agent = code_agent(
        code("save('x')"), code("final_answer(1)"), with_tools=(effectful("save", "write: {what}"),)
    )
    run_agent(agent, "x", gate=asking_gate(frozenset(), None))
    assert "save may destroy something" in str(agent.memory.steps[1].error)


def test_a_destructive_call_is_made_when_allowed_or_permitted(code_agent: Callable[..., CodeAgent]) -> None:
    asked: list[str] = []

    def yes(question: str) -> bool:
        asked.append(question)
        return True

    for gate in (asking_gate(frozenset({"save"}), None), asking_gate(frozenset(), yes)):
        agent = code_agent(code("final_answer(save('x'))"), with_tools=(effectful("save", "write: {what}"),))
        assert run_agent(agent, "x", gate=gate).answer == "did x"
    assert asked == ["save(what='x')"]


@pytest.mark.parametrize("path", ["/etc/shadow", "../../x", "~root/../x/../../..", "/work/../etc/passwd"])
def test_a_model_may_not_name_a_file_outside_of_the_workspace(
    code_agent: Callable[..., CodeAgent], path: str
) -> None:
    tool = effectful("look", "read: {what}")
    agent = code_agent(code(f"look({path!r})"), code("final_answer(1)"), with_tools=(tool,))
    run_agent(agent, "x")
    assert "lies outside of the workspace" in str(agent.memory.steps[1].error)


def test_the_workspace_may_be_named_as_the_code_sees_it(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    tool = effectful("look", "read: {what}")
    replies = (
        code("print(look('/work/a/b.txt'))", f"print(look({str(tmp_path / 'c')!r}))"),
        code("final_answer(1)"),
    )
    agent = code_agent(*replies, with_tools=(tool,))
    run_agent(agent, "x", folders=[str(tmp_path)])
    assert f"did a/b.txt\ndid {tmp_path}/c\n" in agent.memory.steps[1].observations


def test_what_the_agent_wrote_is_on_record_by_digest(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    import hashlib

    agent = code_agent(code("open('report.md', 'w').write('done')", "final_answer(1)"))
    run_agent(agent, "x", trace=TraceWriter(tmp_path))
    (event,) = read_trace(tmp_path).of("files")
    assert event["files"] == [
        {"path": "report.md", "size": 4, "sha256": hashlib.sha256(b"done").hexdigest()},
    ]


def test_tool_calls_are_spans_where_somebody_collects_them(code_agent: Callable[..., CodeAgent]) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="nobody collects spans here")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from toolreg.agent import spans

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    spans._tracer.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opentelemetry.trace.get_tracer", provider.get_tracer)
        run_agent(code_agent(code("final_answer(add(1, 2))")), "x")
    spans._tracer.cache_clear()
    (span,) = exporter.get_finished_spans()
    assert dict(span.attributes or {}) == {
        "openinference.span.kind": "TOOL",
        "tool.name": "add",
        "input.value": '{"a": 1, "b": 2}',
        "output.value": "3",
    }


def tool_calling(*replies: Any, tools: tuple[Tool, ...]) -> ToolCallingAgent:
    return ToolCallingAgent(list(tools), ScriptedModel(replies), verbosity_level=LogLevel.OFF)


def test_a_tool_calling_agent_is_gated_and_recorded_too(tmp_path: Path) -> None:
    agent = tool_calling(
        {"tool": "save", "arguments": {"what": "x"}},
        {"tool": "look", "arguments": {"what": 7}},
        {"tool": "look", "arguments": {"what": "y"}},
        {"tool": "nothing", "arguments": {}},
        {"tool": "final_answer", "arguments": {"answer": "done"}},
        tools=(effectful("save", "write: {what}"), effectful("look")),
    )
    outcome = run_agent(agent, "x", gate=asking_gate(frozenset(), None), trace=TraceWriter(tmp_path))
    assert outcome.answer == "done"
    calls = [(e["tool"], e["decision"]) for e in read_trace(tmp_path).of("call")]
    assert calls == [
        ("save", "refused"),
        ("look", "refused"),
        ("look", "allowed"),
        ("final_answer", "allowed"),
    ]


def test_a_managed_agents_steps_count_and_are_recorded(
    code_agent: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    helper = tool_calling({"tool": "final_answer", "arguments": {"answer": "five"}}, tools=())
    helper.name, helper.description = "helper", "Adds."
    agent = code_agent(code("final_answer(helper('add'))"), managed_agents=[helper])
    outcome = run_agent(agent, "x", trace=TraceWriter(tmp_path))
    models = [e.get("agent", "") for e in read_trace(tmp_path).of("model")]
    assert (models, outcome.ending) == (["", "helper"], Ending.SUCCESS)


ENDLESS = """
    import sys
    from pathlib import Path
    from smolagents import CodeAgent, LogLevel
    from toolreg.agent import Budget, SandboxExecutor, ScriptedModel, TraceWriter, run_agent
    from toolreg.agent.scripted import code

    executor = SandboxExecutor(workspace=sys.argv[2])
    agent = CodeAgent([], ScriptedModel([code("print('deep in it')", "while True: pass")]), executor=executor,
                      verbosity_level=LogLevel.OFF)
    def tell(kind, event):
        if kind == "code":
            executor._open()
            print(executor.pid, flush=True)
    outcome = run_agent(agent, "x", trace=TraceWriter(Path(sys.argv[1])), on_event=tell,
                        budget=Budget(step_timeout=60))
    print(outcome.ending, flush=True)
    agent.cleanup()
"""


@pytest.mark.parametrize(("number", "state"), [(signal.SIGKILL, "cut off"), (signal.SIGINT, "interrupted")])
def test_a_run_that_is_killed_leaves_its_record_and_no_process(
    tmp_path: Path, number: signal.Signals, state: str
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "work").mkdir()
    script = tmp_path / "endless.py"
    script.write_text(textwrap.dedent(ENDLESS))
    command = [sys.executable, str(script), str(tmp_path / "run"), str(tmp_path / "work")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        sandbox = int(process.stdout.readline())
        process.send_signal(number)
        process.wait(timeout=20)
    trace = read_trace(tmp_path / "run")
    assert (trace.state, trace.problem) == (state, "")
    assert "deep in it" in str(next(trace.of("code"))["code"])
    assert gone(sandbox)


def gone(pid: int) -> bool:
    """True once the process has ended; the kernel may take a moment over it."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
