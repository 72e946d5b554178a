"""Small tools, each written around one fault: bundled, proven against their source, requirements compared.

`cases/project` are the project's cases; `cases/own` were written for this room; `cases/shapes` and `cases/more` go
through the shapes that Python code has, one a case, some of several files.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from toolreg.bundle import Case, bundle, prove
from toolreg.bundle.proof import in_sandbox
from toolreg.contract import ToolSource, read_module
from toolreg.effects import Effect
from toolreg.errors import BundleError
from toolreg.sandbox import Policy, Sandbox

CASES = Path(__file__).parent / "cases"
OURS = {"surely_no_such_package_here", "surely_not_there", "mycompany_helpers"}


def needs_python(meta: dict[str, Any]) -> list[pytest.MarkDecorator]:
    wanted = meta.get("python", "3.11")
    newer = sys.version_info < tuple(map(int, wanted.split(".")))
    return [pytest.mark.skip(reason=f"syntax of Python {wanted}")] if newer else []


SETS = {
    name: json.loads((CASES / name / "meta.json").read_text("utf-8"))
    for name in ("project", "own", "shapes", "more")
}
EVERY = [
    pytest.param(CASES / folder / meta.get("file", f"{stem}.py"), meta, id=stem, marks=needs_python(meta))
    for folder, found in SETS.items()
    for stem, meta in found.items()
]
# What a reader accepts as impossible: a published secret.
REFUSED = {"c13_init_kwonly_required": "looks like a secret"}


def tool_of(path: Path) -> ToolSource:
    return read_module(str(path)).tools[-1]


def cases_of(meta: dict[str, Any]) -> list[Case]:
    found = [Case(source=meta["source"])] if "source" in meta else []
    if "__PYDANTIC__" in str(meta.get("call")):
        return [Case(source='run_query(Query(text="x"))')]
    return [*found, Case(arguments=meta["call"])] if "call" in meta else found


def missing_packages(path: Path) -> list[str]:
    """Imports of a case that are not installed here; both sides get a stand-in."""
    tree = ast.parse(path.read_bytes())
    named = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    named |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level}
    own = {p.name.removesuffix(".py") for p in path.parent.iterdir()} | set(path.parts)
    tops = {n.split(".")[0] for n in named} - OURS - own
    return sorted(t for t in tops if t not in sys.stdlib_module_names and importlib.util.find_spec(t) is None)


@pytest.mark.parametrize(("path", "meta"), EVERY)
def test_every_case_is_right_or_refused_for_its_reason(
    path: Path, meta: dict[str, Any], sandbox: Sandbox
) -> None:
    tool = tool_of(path)
    refused = meta.get("refused") or REFUSED.get(path.stem)
    if refused:
        with pytest.raises(BundleError) as caught:
            bundle(tool)
        assert any(refused in reason and line > 0 for line, reason in caught.value.reasons)
        return
    made = bundle(tool)
    policy = Policy((Effect("env", "MODE"),), env={"MODE": "given"})
    stubs = [*missing_packages(path), *meta.get("stubs", [])]
    proof = prove(tool, made, in_sandbox(sandbox, policy), cases=cases_of(meta), stubs=stubs)
    assert proof.cases >= 1
    names = {r.name for r in made.requirements} - {"smolagents"}
    wanted = {canonicalize_name(r) for r in meta.get("reqs", meta.get("requirements", []))}
    # opencv brings numpy itself, but a file that imports numpy says so.
    assert {n.replace("-headless", "") for n in names} == wanted | ({"numpy"} & names)


@pytest.mark.parametrize(("path", "meta"), EVERY)
def test_the_same_source_gives_the_same_bytes_and_they_parse(path: Path, meta: dict[str, Any]) -> None:
    if meta.get("refused") or path.stem in REFUSED:
        return
    first, second = bundle(tool_of(path)), bundle(tool_of(path))
    assert dict(first.files) == dict(second.files)
    ast.parse(first.code)


def test_the_published_file_has_one_class_that_smolagents_can_load_and_toolreg_reads() -> None:
    made = bundle(tool_of(CASES / "project" / "d52_google_full_with_note_example.py"))
    read = read_module_text(made.code)
    assert made.entry == "DivideIt"
    assert read.docstring.section("Raises") is not None
    assert [p.arg for p in read.parameters] == ["x", "y"]


def read_module_text(code: bytes) -> ToolSource:
    from toolreg.contract import parse_module

    (tool,) = parse_module("tool.py", code).tools
    return tool
