"""`confine(tool)`: a tool object of smolagents, taken out of this process and into the sandbox."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from smolagents import Tool  # type: ignore[import-untyped]

from toolreg.agent.tools import local_tool
from toolreg.errors import SourceError, UsageError
from toolreg.load import Room

_HINT = "write it into a file of its own and name that under `tools` in toolreg.toml"


def confine(tool: Tool, room: Room | None = None) -> Tool:
    """The same tool, whose every call runs in the sandbox under the effects that its docstring declares.

    tool: what `@tool` made, or an instance of a Tool class that is made without arguments. It is read again
    from its file, as a published tool would be; what only this process knows, such as attributes set on the
    object, does not come along. A tool that is confined already is given back as it is.
    Raises SourceError (no file, no declared effects), BundleError with every reason why it cannot stand alone.
    """
    if is_confined(tool):
        return tool
    made_by = _maker(tool)
    _refuse_state(tool, made_by)
    try:
        path = inspect.getsourcefile(made_by)
    except TypeError:
        path = None
    if path is None or path.startswith("<"):
        raise SourceError(f"the source of {tool.name} stands in no file", hint=_HINT)
    return local_tool(path, tool.name, room or Room())


def confine_all(tools: Iterable[Any], room: Room) -> list[Any]:
    """Every tool confined; whatever is no tool of smolagents (a managed agent) is left as it is."""
    return [confine(tool, room) if isinstance(tool, Tool) else tool for tool in tools]


def is_confined(tool: Any) -> bool:
    """True if its calls run elsewhere than in this process: in a sandbox, in a server, in a Space."""
    return getattr(tool, "manifest", None) is not None or getattr(tool, "where", "host") != "host"


def _maker(tool: Tool) -> Any:
    """The function below `@tool`, or the class."""
    forward = vars(type(tool)).get("forward")
    return inspect.unwrap(forward) if isinstance(forward, staticmethod) else type(tool)


def _refuse_state(tool: Tool, made_by: Any) -> None:
    """What a constructor was given is known to this object alone."""
    given = inspect.signature(made_by).parameters.values() if isinstance(made_by, type) else ()
    names = ", ".join(p.name for p in given if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD))
    if names:
        raise UsageError(
            f"{tool.name} is made with arguments ({names}), which the sandbox cannot know", hint=_HINT
        )
