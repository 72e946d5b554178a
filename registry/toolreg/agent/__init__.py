"""Agents on verified tools: a model from the environment, a sandbox for code, budgets, and every step on record.

from toolreg.agent import SandboxExecutor, model_from, run_agent
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_PLACES = {
    "AgentPolicy": "policy",
    "Budget": "budget",
    "Ending": "budget",
    "ModelChoice": "models",
    "Outcome": "run",
    "SandboxExecutor": "executor",
    "build": "assembly",
    "confine": "confining",
    "open_tools": "tools",
    "ScriptedModel": "scripted",
    "Trace": "trace",
    "TraceWriter": "trace",
    "model_from": "models",
    "read_trace": "trace",
    "run_agent": "run",
    "weigh": "toolset",
}
__all__ = list(_PLACES)

if TYPE_CHECKING:
    from toolreg.agent.assembly import build as build
    from toolreg.agent.budget import Budget as Budget
    from toolreg.agent.budget import Ending as Ending
    from toolreg.agent.confining import confine as confine
    from toolreg.agent.executor import SandboxExecutor as SandboxExecutor
    from toolreg.agent.models import ModelChoice as ModelChoice
    from toolreg.agent.models import model_from as model_from
    from toolreg.agent.policy import AgentPolicy as AgentPolicy
    from toolreg.agent.run import Outcome as Outcome
    from toolreg.agent.run import run_agent as run_agent
    from toolreg.agent.scripted import ScriptedModel as ScriptedModel
    from toolreg.agent.tools import open_tools as open_tools
    from toolreg.agent.toolset import weigh as weigh
    from toolreg.agent.trace import Trace as Trace
    from toolreg.agent.trace import TraceWriter as TraceWriter
    from toolreg.agent.trace import read_trace as read_trace


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'toolreg.agent' has no attribute '{name}'")
    return getattr(import_module(f"toolreg.agent.{_PLACES[name]}"), name)
