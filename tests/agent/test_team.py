"""Agents that manage others: what they may be told, and that each is at work for one run alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent

from toolreg.agent import Budget, Ending, SandboxExecutor, ScriptedModel, TraceWriter, read_trace, run_agent
from toolreg.agent.scripted import code
from toolreg.errors import UsageError


@pytest.fixture
def boss(code_agent: Callable[..., CodeAgent]) -> Callable[..., CodeAgent]:
    """An agent that manages these and says that."""

    def make(managed: list[Any], *replies: Any, **options: Any) -> CodeAgent:
        return code_agent(*replies, with_tools=(), managed_agents=managed, **options)

    return make


def helper(code_agent: Callable[..., CodeAgent], *replies: Any, name: str = "helper") -> CodeAgent:
    return code_agent(*replies, name=name, description="Helps.", with_tools=(), max_steps=2)


@pytest.mark.parametrize(
    "told",
    [
        "max_steps=1000",
        "stream=True",
        "reset=False",
        "return_full_result=True",
        "images=['/etc/passwd']",
        "bogus=1",
        "additional_args=5",
        "additional_args={1: 2}",
    ],
)
def test_code_cannot_change_how_a_managed_agent_runs(
    code_agent: Callable[..., CodeAgent], boss: Callable[..., CodeAgent], told: str
) -> None:
    sub = helper(code_agent, code("x = 1"))
    agent = boss([sub], code(f"helper(task='x', {told})"), code("final_answer('went on')"))
    outcome = run_agent(agent, "x")
    assert (outcome.ending, outcome.answer) == (Ending.SUCCESS, "went on")
    error = str(agent.memory.steps[1].error.message)
    assert "a managed agent takes task and additional_args" in error or "additional_args must be" in error
    assert sub.model.seen == []


def test_an_agent_that_two_manage_is_counted_and_recorded_once(
    code_agent: Callable[..., CodeAgent], boss: Callable[..., CodeAgent], tmp_path: Path
) -> None:
    shared = helper(code_agent, code("final_answer(1)"))
    managers = [
        code_agent(
            code("final_answer(helper(task='x'))"),
            name=name,
            description="d",
            with_tools=(),
            managed_agents=[shared],
        )
        for name in ("left", "right")
    ]
    agent = boss(managers, code("final_answer((left(task='x'), right(task='x')))"))
    outcome = run_agent(agent, "x", trace=TraceWriter(tmp_path))
    asked = [e for e in read_trace(tmp_path).of("model") if "helper" in str(e.get("agent"))]
    assert len(asked) == len(shared.model.seen) == 2
    every = [agent, *managers, shared]
    words = sum(len(str(m.content).split()) for a in every for question in a.model.seen for m in question)
    assert outcome.input_tokens == words


def test_an_agent_that_manages_itself_is_refused(code_agent: Callable[..., CodeAgent]) -> None:
    agent = helper(code_agent, code("final_answer(1)"))
    agent.managed_agents = {"helper": agent}
    with pytest.raises(UsageError, match="manages itself"):
        run_agent(agent, "x")


def test_two_agents_with_one_executor_are_refused(
    code_agent: Callable[..., CodeAgent], boss: Callable[..., CodeAgent]
) -> None:
    one = SandboxExecutor()
    sub = code_agent("x", name="helper", description="d", executor=one)
    with pytest.raises(UsageError, match="share one executor"):
        run_agent(boss([sub], "x", executor=one), "x")


def test_an_agent_at_work_takes_no_second_run(code_agent: Callable[..., CodeAgent], tmp_path: Path) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def waits(_: Any) -> str:
        asked.set()
        go_on.wait(60)
        return code("final_answer(1)")

    agent = code_agent(waits)
    outcomes: list[Any] = []
    first = threading.Thread(target=lambda: outcomes.append(run_agent(agent, "x")))
    first.start()
    assert asked.wait(60)
    with pytest.raises(UsageError, match="at work in another run"):
        run_agent(agent, "x", trace=TraceWriter(tmp_path))
    go_on.set()
    first.join(60)
    assert outcomes[0].answer == 1
    assert read_trace(tmp_path).state == "error"
    assert isinstance(agent.model, ScriptedModel), "what the run put around the agent is taken off again"
    assert run_agent(agent, "x").answer == 1, "and it is free again"


def test_agents_of_their_own_run_side_by_side(code_agent: Callable[..., CodeAgent]) -> None:
    agents = [code_agent(code(f"x = add({n}, 1)"), code("final_answer(x)")) for n in range(6)]
    answers: dict[int, Any] = {}

    def work(number: int) -> None:
        answers[number] = run_agent(agents[number], "x", budget=Budget(deadline=120)).answer

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert answers == {n: n + 1 for n in range(6)}
