"""Files with made-up values, in every place that the examples may read."""

from __future__ import annotations

import ast
from pathlib import Path

from toolreg.contract import ToolSource
from toolreg.harness import scenes as stage
from toolreg.harness.canaries import Canary, new_value
from toolreg.harness.cases import ExampleCase
from toolreg.harness.inputs import odd_calls
from toolreg.harness.leaks import kind_of_file
from toolreg.harness.scenes import Scene, StagedCase
from toolreg.harness.workspace import companions

PLANTED = "files with a made-up value"


def planted_case(
    tool: ToolSource, case: ExampleCase, times: int = 1
) -> tuple[StagedCase, tuple[Canary, ...]]:
    """The examples among files that hold made-up values, each in a place that the tool may read.

    times: how much longer than usual the values are.
    """
    files, home, canaries = dict[str, bytes](), dict[str, str](), list[Canary]()
    for effect in (e for e in case.granted.effects if e.kind == "read"):
        path, value = stage.name_for(effect), new_value(times)
        if not path or path.startswith("/") or ".." in path.split("/") or path in (".", "~"):
            continue
        if path.startswith("~/"):
            home[path[2:]] = value + "\n"
        else:
            before = companions(tool, ".files") / path
            data = stage.planted_file(path, _read(before), value) if not before.is_dir() else None
            if data is None:
                continue
            files[path] = data
        canaries.append(Canary(kind_of_file(path), f"what it read in {path}", value))
    calls = [*case.granted.calls[:8], *odd_calls(tool, case.granted)]
    shown = (f"print(repr({tool.name}(**{dict(arguments)!r})))" for arguments in calls)
    is_async = isinstance(tool.call, ast.AsyncFunctionDef)
    sources = (*(e.source for e in case.examples), *(() if is_async else shown))
    return StagedCase(PLANTED, (Scene(PLANTED, {}, sources),), case.granted, home, files), tuple(canaries)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
