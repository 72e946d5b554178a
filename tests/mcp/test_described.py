"""Names and schemas of a server, however odd or hostile, become tools of which none can harm the agent's code."""

from __future__ import annotations

from typing import Any

import pytest

from toolreg.mcp.bridge import McpTool
from toolreg.mcp.described import inputs_of, python_name, python_names
from toolreg.mcp.link import Offered
from toolreg.mcp.spec import ServerSpec


@pytest.mark.parametrize(
    "name",
    ["print", "open", "len", "__builtins__", "__import__", "input", "ValueError", "final_answer", "self"],
)
def test_a_server_cannot_take_the_place_of_a_builtin(name: str) -> None:
    assert python_name(name) == f"{name}_"


def test_tools_that_python_would_call_the_same_keep_names_of_their_own() -> None:
    names = python_names(["get-sum", "get_sum", "get sum", "x" * 300, "x" * 301, "class", "class_", ""])
    assert len(set(names.values())) == len(names)
    assert all(each.isidentifier() and len(each) <= 70 for each in names.values())
    assert names == python_names(
        reversed(["get-sum", "get_sum", "get sum", "x" * 300, "x" * 301, "class", "class_", ""])
    )


TREE = {"type": "object", "properties": {"below": {"$ref": "#/$defs/Tree"}}}


@pytest.mark.parametrize(
    ("schema", "kind", "told"),
    [
        ({"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "any", '"anyOf"'),
        ({"a": {"$ref": "#/$defs/Tree"}}, "any", '"$defs": {"Tree"'),
        ({"a": {"$ref": "#/$defs/Missing"}}, "any", '"$ref"'),
        ({"a": {"type": ["string", "null"]}}, "any", ""),
        ({"a": {"type": "array", "items": {"type": "integer"}}}, "array", '"items"'),
        ({"a": {"type": "integer", "default": 5, "minimum": 1}}, "integer", '"minimum": 1'),
        ({"a": {"type": "string", "description": "Plain."}}, "string", "Plain."),
        ({"a": True}, "any", ""),
        ({"a": {"type": {"odd": 1}, "description": ["x"], "enum": 7}}, "any", ""),
        ({"a": {"enum": ["x" * 10_000]}}, "any", "…"),
    ],
    ids=str,
)
def test_what_a_type_does_not_tell_stands_in_the_description(
    schema: dict[str, Any], kind: str, told: str
) -> None:
    found = inputs_of({"properties": schema, "$defs": {"Tree": TREE}})["a"]
    assert found["type"] == kind
    assert told in found["description"]
    assert len(found["description"]) < 2_000


@pytest.mark.parametrize("required", [None, 5, "a", {"a": 1}, [1, ["a"]], ["b"]], ids=str)
def test_what_is_required_may_be_nonsense(required: Any) -> None:
    assert inputs_of({"properties": {"a": {"type": "string"}}, "required": required})["a"]["nullable"] is True


@pytest.mark.parametrize("name", ["a-b", "class", "$x", "", "self", "kwargs", "é", "a\nb", "x" * 5000])
def test_a_parameter_may_have_any_name(name: str) -> None:
    schema = {"type": "object", "properties": {name: {"type": "string"}}}
    tool = McpTool(None, Offered("t", "d", schema, None, {}), ServerSpec("x"))  # type: ignore[arg-type]
    assert list(tool.inputs) == [name]
    assert tool.to_code_prompt()
