"""What a model is told of a tool: name, description, inputs, output; read as smolagents 1.26 reads it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from toolreg.contract.source import ToolSource

SIMPLE = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array", "dict": "object",
          "List": "array", "Dict": "object", "Any": "any", "None": "null"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool's definition. inputs: name → {"type": …, "description": …, "nullable"?: True}."""

    name: str
    description: str
    inputs: dict[str, dict[str, Any]]
    output_type: str


def spec_of(tool: ToolSource) -> ToolSpec:
    """The definition as far as literals tell it; what only running could tell is `any` or empty."""
    if tool.form == "function":
        return _of_function(tool)
    return ToolSpec(
        name=tool.name,
        description=_text(tool.attribute("description")),
        inputs=_literal_inputs(tool.attribute("inputs")),
        output_type=_text(tool.attribute("output_type")) or "any",
    )


def description_of(tool: ToolSource) -> str:
    """The text before `Args:`, which smolagents shows the model."""
    doc = tool.docstring
    args = doc.section("Args")
    lines = doc.text.split("\n")
    return "\n".join(lines[: args.line - doc.line] if args and doc.style == "google" else lines).strip()


def schema_of(annotation: ast.expr | None) -> dict[str, Any]:
    """A type hint as JSON Schema in smolagents' words: {"type": …, "nullable"?: True, "enum"?: […]}."""
    match annotation:
        case None:
            return {"type": "any"}
        case ast.Constant(value=None):
            return {"type": "null"}
        case ast.Constant(value=str() as text):
            return _quoted(text)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {"type": SIMPLE.get(name, "object")}
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([schema_of(left), schema_of(right)])
        case ast.Subscript(value=value, slice=inner):
            return _generic(getattr(value, "id", getattr(value, "attr", "")), inner)
    return {"type": "object"}


def _quoted(text: str) -> dict[str, Any]:
    try:
        return schema_of(ast.parse(text, mode="eval").body)
    except SyntaxError:
        return {"type": "object"}


def _generic(name: str, inner: ast.expr) -> dict[str, Any]:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    match name:
        case "Optional":
            return _union([schema_of(inner), {"type": "null"}])
        case "Union":
            return _union([schema_of(p) for p in parts])
        case "Annotated":
            return schema_of(parts[0])
        case "Literal":
            values = [p.value for p in parts if isinstance(p, ast.Constant)]
            kinds = {SIMPLE.get(type(v).__name__, "string") for v in values}
            return {"type": kinds.pop() if len(kinds) == 1 else sorted(kinds), "enum": values}
        case "list" | "List":
            return {"type": "array", "items": schema_of(parts[0])}
    return {"type": SIMPLE.get(name, "array" if name == "tuple" else "object")}


def _union(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    plain = [s for s in schemas if s["type"] != "null"]
    nullable = (
        {"nullable": True} if len(plain) < len(schemas) or any(s.get("nullable") for s in plain) else {}
    )
    if len(plain) == 1:
        return {**plain[0], **nullable}
    kinds = [s["type"] for s in plain]
    return {"type": "any" if any(not isinstance(k, str) for k in kinds) else sorted(set(kinds)), **nullable}


def _of_function(tool: ToolSource) -> ToolSpec:
    section = tool.docstring.section("Args")
    texts = {item.name: item.text for item in section.items()} if section else {}
    assert tool.call is not None
    defaults = _with_default(tool.call.args)
    inputs = {}
    for parameter in tool.parameters:
        schema = schema_of(parameter.annotation)
        if parameter.arg in defaults:
            schema["nullable"] = True
        inputs[parameter.arg] = {**schema, "description": texts.get(parameter.arg, "")}
    output = schema_of(tool.call.returns)["type"]
    return ToolSpec(tool.name, description_of(tool), inputs, output if isinstance(output, str) else "any")


def _with_default(a: ast.arguments) -> set[str]:
    plain = [*a.posonlyargs, *a.args]
    last = plain[len(plain) - len(a.defaults) :]
    return {p.arg for p in last} | {
        p.arg for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None
    }


def _text(node: ast.expr | None) -> str:
    value = _literal(node)
    return value if isinstance(value, str) else ""


def _literal_inputs(node: ast.expr | None) -> dict[str, dict[str, Any]]:
    value = _literal(node)
    return value if isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()) else {}


def _literal(node: ast.expr | None) -> Any:
    if node is None:
        return None
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
