"""Where the tools of an audit are tried: sandboxes that stay for all the files of a process.

A library that many tools import is imported once, in the fork server, where a tool asks for it; every call still
begins in a fresh process. Only libraries that read nothing of a call when they are imported: no variables, no files
of the workspace.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from toolreg.errors import SandboxError

if TYPE_CHECKING:
    from toolreg.bundle.proof import Runner
    from toolreg.contract import Module
    from toolreg.sandbox import Sandbox

LIGHT = frozenset(("requests", "httpx", "bs4", "markdownify", "lxml", "yaml", "dateutil", "jinja2"))
HEAVY = frozenset(("numpy", "pandas"))
PROOF_SECONDS = 15.0


def libraries(module: Module) -> frozenset[str]:
    """What to import beforehand for the tools of a file: nothing, what is light, or all."""
    tops = set(_tops(module.tree))
    if tops & HEAVY:
        return LIGHT | HEAVY
    return LIGHT if tops & LIGHT else frozenset()


@cache
def sandbox(libraries: frozenset[str]) -> Sandbox:
    """One sandbox for all the files of this process; it ends with the process. Raises SandboxUnavailable."""
    from toolreg.sandbox import Sandbox

    there = tuple(sorted(name for name in libraries if find_spec(name) is not None))
    if not there:
        return Sandbox()
    try:
        return Sandbox(preload=there).start()
    except SandboxError:
        return sandbox(
            frozenset()
        )  # a library of this machine does not import: a tool's own call will say so


@cache
def prover(libraries: frozenset[str]) -> Runner:
    """Where bundles are loaded by the real smolagents; started once, for that costs seconds."""
    from toolreg.bundle.proof import in_sandbox
    from toolreg.sandbox import Limits, Policy, Sandbox

    there = () if sandbox(libraries) is sandbox(frozenset()) else tuple(sorted(libraries))
    preload = ("smolagents", *(name for name in there if find_spec(name)))
    return in_sandbox(Sandbox(preload=preload), Policy(limits=Limits(wall=PROOF_SECONDS)))


def _tops(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
