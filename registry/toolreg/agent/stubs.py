"""What of a tool, and of a value, goes into the sandbox: a name with parameters, and what can cross."""

from __future__ import annotations

from typing import Any

from smolagents import FinalAnswerTool  # type: ignore[import-untyped]

from toolreg.agent.calls import MANAGED, is_agent
from toolreg.agent.codec import CodecError, encode


def stub(name: str, tool: Any) -> dict[str, Any]:
    """A tool or managed agent as the code inside may call it; nothing of what it does."""
    parameters = list(MANAGED) if is_agent(tool) else list(getattr(tool, "inputs", {}))
    return {
        "name": name,
        "parameters": parameters,
        "description": str(getattr(tool, "description", "")),
        "plain_final": name == "final_answer" and type(tool) is FinalAnswerTool,
    }


def crossing(value: Any) -> Any:
    """A value for the code inside; its text where it cannot cross."""
    try:
        return encode(value)
    except CodecError:
        return str(value)
