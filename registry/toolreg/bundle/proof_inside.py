"""Follows `proof_child.py` in a proof's child: a tool that the author's function makes while it runs."""

from __future__ import annotations

import builtins
from typing import Any

from smolagents import Tool, tools  # type: ignore[import-untyped]


def inside(namespace: dict[str, Any], call: str, name: str) -> Any:
    """The tool of that name that a call of the author's function makes."""
    classes: dict[str, Any] = {}
    found: list[Any] = []
    build, make, init = builtins.__build_class__, tools.tool, Tool.__init__

    def building(function: Any, class_name: str, *bases: Any, **words: Any) -> Any:
        classes[class_name] = build(function, class_name, *bases, **words)
        return classes[class_name]

    def making(function: Any) -> Any:
        made = make(function)
        if function.__name__ == name:
            found.append(made)
        return made

    def beginning(self: Any, *arguments: Any, **words: Any) -> None:
        init(self, *arguments, **words)
        if type(self).__name__ == name:
            found.append(self)

    namespace |= {key: making for key, value in namespace.items() if value is make}
    builtins.__build_class__ = building  # type: ignore[assignment]
    Tool.__init__, tools.tool = beginning, making
    try:
        eval(call, namespace)
    finally:
        builtins.__build_class__, tools.tool, Tool.__init__ = build, make, init
    return found[0] if found else classes[name]()
