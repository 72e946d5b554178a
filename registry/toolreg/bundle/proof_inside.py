"""Follows `proof_child.py` in a proof's child: a tool that the author's function makes, and both sides in one child."""

from __future__ import annotations

import builtins
import os
import sys
import tempfile
from base64 import b64decode
from importlib.readers import FileReader
from typing import Any

from smolagents import Tool, tools  # type: ignore[import-untyped]


def probe_both(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """{mine, theirs}: the published form, then the source, in one process.

    The published form is first: nothing of the source is there that it could lean on. What it leaves behind can
    make the source differ from it; then both are asked again, apart.
    """
    probe = globals()["probe"]
    imports, stubs = builtins.__import__, list(sys.meta_path)
    first = probe(mine)
    builtins.__import__, sys.meta_path[:] = imports, stubs
    return {"mine": first, "theirs": {} if first.get("error") else probe(theirs)}


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


def lay_out(finder: Any, data: dict[str, str]) -> None:
    """Give the author's data files a place on disk, and their modules that place."""
    finder.base = tempfile.mkdtemp()
    for name, told in data.items():
        path = os.path.join(finder.base, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b64decode(told))
    finder.get_data = _bytes_of
    finder.get_resource_reader = lambda name: FileReader(_Loader(finder._name(name)))  # type: ignore[arg-type]


class _Loader:
    """What a resource reader asks a loader for: the path of the module."""

    def __init__(self, path: str) -> None:
        self.path = path


def _bytes_of(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
