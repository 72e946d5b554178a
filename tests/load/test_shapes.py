"""The shapes of tools, all the way: bundled, signed, committed to a Hub, fetched, verified, called in the sandbox."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from toolreg.bundle import Case, bundle, prove
from toolreg.bundle.proof import child_code, data_files, in_sandbox, source_side
from toolreg.contract import ToolSource, read_module
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.publish import publish
from toolreg.hub.targets import opened
from toolreg.load import ReaderTrust, TrustPolicy
from toolreg.load.api import load_tool
from toolreg.load.failure import ToolFailed
from toolreg.sandbox import CallTool, Policy, Returned, Sandbox

CASES = Path(__file__).parent.parent / "bundle" / "cases" / "more"
META: dict[str, dict[str, Any]] = json.loads((CASES / "meta.json").read_text("utf-8"))
PLAIN = (str, int, float, bool, list, dict, type(None))


def runs_here(meta: dict[str, Any]) -> bool:
    return sys.version_info >= tuple(map(int, meta.get("python", "3.11").split(".")))


LOADED = [n for n, m in META.items() if "call" in m and runs_here(m) and not m.get("requirements")]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with opened("local", root=tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.mark.parametrize("name", LOADED)
def test_a_shape_is_the_same_tool_after_publishing_and_loading(name, hub, sandbox, shelf, known) -> None:
    meta = META[name]
    source = read_module(str(CASES / meta.get("file", f"{name}.py"))).tools[-1]
    made = bundle(source)
    told, wanted = at_its_author(source, meta["call"], sandbox)
    told = told or prove(source, made, in_sandbox(sandbox), cases=[]).definition
    repository = f"local/{name.replace('_', '-')}"
    files = shelf.publish(
        repository, code=made.code.decode(), entry=made.entry, name=told["name"], inputs=told["inputs"],
        description=told["description"], output_type=told["output_type"],
    ).files  # fmt: skip
    publish({n: d for n, d in files.items() if n != ".gitattributes"}, repository, hub, "1.0.0")
    trust = ReaderTrust(TrustPolicy(), known, ask=lambda *_: True)
    tool = load_tool(repository, fetch=lambda r, v: fetch(hub, r, v or None), trust=trust, sandbox=sandbox)
    assert (tool.code, tool.inputs) == (made.code, told["inputs"])
    with closing(tool):
        if "raised" in wanted:
            with pytest.raises(ToolFailed, match=re.escape(wanted["raised"].partition(":")[0])):
                tool(**meta["call"])
            return
        value = tool(**meta["call"])
        assert not isinstance(value, PLAIN) or value == as_json(wanted["value"])


def as_json(told: str) -> Any:
    """A value told by its `repr`, as JSON carries it out of the sandbox: tuples are lists."""
    value = ast.literal_eval(told)
    return json.loads(json.dumps(value))


def at_its_author(source: ToolSource, arguments: dict[str, Any], sandbox: Sandbox) -> tuple[Any, Any]:
    """(definition, result) of the author's own module, imported and called by smolagents."""
    request = {"name": source.name, "cases": [Case(arguments=arguments).wire()], "stubs": [], "given": {}}
    request |= {**source_side(source, {}), "data": data_files(source, bundle(source))}
    outcome = sandbox.call(child_code(), CallTool("probe", {"request": request}), Policy()).outcome
    assert isinstance(outcome, Returned)
    assert not outcome.value.get("error"), outcome.value
    return outcome.value["definition"], outcome.value["results"][0]
