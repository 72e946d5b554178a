"""A stand-in for `smolagents` inside the sandbox: its `Tool` and `@tool` as far as a call needs them.

Importing the real package costs 0.4 s and 40 MiB. What the stand-in lacks, the real package gives: a file
that imports more is run with it.
"""

from __future__ import annotations

import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAMES = ("Tool", "tool", "BaseTool")


class BaseTool:
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


class Tool(BaseTool):
    """Calls as the real one does: setup once, a single dictionary of inputs is spread, then `forward`."""

    description: str
    inputs: dict[str, Any]
    output_type: str
    output_schema: dict[str, Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the real signature
        self.is_initialized = False

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("Write this method in your subclass of `Tool`.")

    def __call__(
        self,
        *args: Any,
        sanitize_inputs_outputs: bool = False,  # noqa: ARG002 - the real signature
        **kwargs: Any,
    ) -> Any:
        if not getattr(self, "is_initialized", False):
            self.setup()
        if (
            len(args) == 1
            and not kwargs
            and isinstance(args[0], dict)
            and all(key in self.inputs for key in args[0])
        ):
            return self.forward(**args[0])
        return self.forward(*args, **kwargs)

    def setup(self) -> None:
        self.is_initialized = True


def tool(tool_function: Callable[..., Any]) -> Tool:
    """A Tool whose `forward` is the function."""
    import functools
    import inspect  # loaded by the fork server in a quiet moment: it is the slowest of all

    parameters = list(inspect.signature(tool_function).parameters)

    class SimpleTool(Tool):
        def __init__(self) -> None:
            self.is_initialized = True

    SimpleTool.name = tool_function.__name__
    SimpleTool.description = inspect.getdoc(tool_function) or ""
    SimpleTool.inputs = {name: {} for name in parameters}
    SimpleTool.output_type = "any"

    @functools.wraps(tool_function)
    def forward(*args: Any, **kwargs: Any) -> Any:
        return tool_function(*args, **kwargs)

    SimpleTool.forward = staticmethod(forward)  # type: ignore[method-assign]
    return SimpleTool()


def install() -> None:
    """Let `import smolagents` and `from smolagents.tools import Tool` find the stand-in."""
    package = types.ModuleType("smolagents")
    package.__path__ = []  # a package without files
    tools = types.ModuleType("smolagents.tools")
    for module in (package, tools):
        for name in NAMES:
            setattr(module, name, globals()[name])
    package.tools = tools  # type: ignore[attr-defined]
    sys.modules["smolagents"], sys.modules["smolagents.tools"] = package, tools
    for each in (BaseTool, Tool):
        each.__module__ = "smolagents.tools"
