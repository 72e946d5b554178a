"""What the record says of a run before its first step, and of what it left."""

from __future__ import annotations

from typing import Any

from toolreg import __version__
from toolreg.agent.budget import Budget
from toolreg.agent.calls import about
from toolreg.agent.workspace import Workspace


def facts(agent: Any, task: str, budget: Budget) -> dict[str, Any]:
    """The first event: task, agent, model, sandbox, budget, tools with what is known of each."""
    executor = getattr(agent, "python_executor", None)
    return {
        "harness": "toolreg",
        "version": __version__,
        "task": task,
        "agent_class": type(agent).__name__,
        "model": str(getattr(agent.model, "model_id", "") or type(agent.model).__name__),
        "sandbox": sandbox_of(executor),
        "imports": list(getattr(agent, "authorized_imports", ())),
        "budget": {
            "max_steps": budget.max_steps,
            "deadline": budget.deadline,
            "step_timeout": budget.step_timeout,
            "tokens": budget.tokens,
        },
        "tools": [{"name": n, **about(t)} for n, t in every_tool(agent).items() if n != "final_answer"],
    }


def sandbox_of(executor: Any) -> str:
    """Where the agent's code runs, in a word for people."""
    if executor is None:
        return "no code is run"
    return getattr(executor, "boundary", "") or f"none ({type(executor).__name__})"


def files(agent: Any) -> list[dict[str, Any]]:
    """What lies in the agent's workspace, by digest: its artifacts, to be reviewed before they are used."""
    workspace = getattr(agent, "workspace", None) or getattr(
        getattr(agent, "python_executor", None), "workspace", None
    )
    return workspace.listing() if isinstance(workspace, Workspace) else []


def every_tool(agent: Any) -> dict[str, Any]:
    """The agent's tools by name, those of its managed agents too."""
    tools = dict(agent.tools)
    for managed in (agent.managed_agents or {}).values():
        if hasattr(managed, "tools"):
            tools |= every_tool(managed)
    return tools
