from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent, FinalAnswerTool, LogLevel, Tool, tool

from toolreg.agent import SandboxExecutor, ScriptedModel


@tool
def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: One number.
        b: Another.
    """
    return a + b


@tool
def fail(text: str) -> str:
    """Fail.

    Args:
        text: What to say.
    """
    raise ValueError(text)


add.effects = fail.effects = ()


@pytest.fixture
def tools() -> dict[str, Tool]:
    return {"add": add, "fail": fail, "final_answer": FinalAnswerTool()}


@pytest.fixture
def executor(tools: dict[str, Tool]) -> Iterator[SandboxExecutor]:
    """A sandbox with two tools, at work."""
    made = SandboxExecutor(step_timeout=20)
    made.send_variables({})
    made.send_tools(tools)
    yield made
    made.cleanup()


@pytest.fixture
def code_agent() -> Iterator[Callable[..., CodeAgent]]:
    """A CodeAgent in the sandbox whose model says the given replies."""
    made: list[CodeAgent] = []

    def make(*replies: Any, with_tools: tuple[Tool, ...] = (add, fail), **options: Any) -> CodeAgent:
        options.setdefault("executor", SandboxExecutor())
        agent = CodeAgent(list(with_tools), ScriptedModel(replies), verbosity_level=LogLevel.OFF, **options)
        made.append(agent)
        return agent

    yield make
    for agent in made:
        agent.cleanup()


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of nothing, and no model named."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("TOOLREG_MODEL", "TOOLREG_MODEL_KEY", "OPENAI_API_KEY", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return home
