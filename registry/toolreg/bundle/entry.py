"""The class that smolagents loads: made for a `@tool` function, found for a `Tool` subclass."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from toolreg.bundle.definition import Definition
from toolreg.bundle.text import Edit
from toolreg.bundle.units import Source, Unit
from toolreg.contract import ToolSource, parse_module
from toolreg.contract.source import Function
from toolreg.contract.walk import nodes_of


def class_name(tool_name: str) -> str:
    """`city_weather` → `CityWeather`."""
    return "".join(part[:1].upper() + part[1:] for part in tool_name.split("_") if part) or "PublishedTool"


def class_text(
    tool: ToolSource, source: Source, definition: Definition, name: str, base: str, function: str
) -> str:
    """The class of a `@tool` function: its docstring, its definition, and the function itself as `forward`."""
    lines = [f"class {name}({base}):\n"]
    literal = tool.docstring_node
    if literal is not None:
        lines += ["    " + _docstring_text(source, literal), "\n", "\n"]
    by_name = tool.call is not None and bool(tool.call.args.posonlyargs)
    if tool.call is not None and by_name:
        lines.append(_keyword_forward(source, tool.call, function))
    lines += [
        f"    name = {_text(definition.name)}\n",
        f"    description = {_paragraphs(definition.description)}\n",
        f"    inputs = {_inputs(definition.inputs)}\n",
        f"    output_type = {_text(definition.output_type)}\n",
    ]
    if not definition.stock:
        lines.append("    skip_forward_signature_validation = True  # smolagents reads none of these hints\n")
    if not by_name:
        lines.append(f"    forward = staticmethod({function})\n")
    return "".join(lines)


def _keyword_forward(source: Source, node: Function, function: str) -> str:
    """`forward` for positional-only parameters: agents give arguments by name. Above the attributes, whose names it may use."""
    args = node.args
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    shown = [_parameter(source, a, d) for a, d in zip(plain, defaults, strict=True)]
    passed = [a.arg for a in plain]
    if args.vararg is not None:
        shown.append(f"*{_parameter(source, args.vararg, None)}")
        passed.append(f"*{args.vararg.arg}")
    elif args.kwonlyargs:
        shown.append("*")
    shown += [_parameter(source, a, d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    passed += [f"{a.arg}={a.arg}" for a in args.kwonlyargs]
    if args.kwarg is not None:
        shown.append(f"**{_parameter(source, args.kwarg, None)}")
        passed.append(f"**{args.kwarg.arg}")
    call = f"{function}({', '.join(passed)})"
    return f"    @staticmethod\n    def forward({', '.join(shown)}):\n        return {call}\n\n"


def _parameter(source: Source, argument: ast.arg, default: ast.expr | None) -> str:
    """One parameter in the author's words; a default needs spaces where a type stands."""
    told = source.text.segment(argument)
    if default is None:
        return told
    return (
        f"{told} = {source.text.segment(default)}"
        if argument.annotation
        else f"{told}={source.text.segment(default)}"
    )


def without_docstring(tool: ToolSource, source: Source, unit: Unit) -> list[Edit]:
    """The edit that takes the docstring off a function whose class carries it from now on."""
    literal = tool.docstring_node
    node = unit.node
    if literal is None or not isinstance(node, Function) or keeps_docstring(node, unit):
        return []
    statement = node.body[0]
    start, end = source.text.span(statement)
    if len(node.body) == 1:
        return [Edit(start, end, "pass")]
    following = node.body[1]
    if following.lineno <= (statement.end_lineno or statement.lineno):
        return []
    first, last = statement.lineno, (statement.end_lineno or statement.lineno) + 1
    while last < following.lineno and not source.text.lines[last - 1].strip():
        last += 1
    if (
        source.text.lines[first - 1][: statement.col_offset].strip()
        or "#" in source.text.text[end : source.text.line_start(last)]
    ):
        return []
    return [Edit(source.text.line_start(first), source.text.line_start(last), "")]


def keeps_docstring(node: Function, unit: Unit) -> bool:
    """True if something may read the function's own docstring: another decorator, or its code."""
    reads = any(isinstance(n, ast.Attribute) and n.attr == "__doc__" for n in nodes_of(node))
    return reads or len(node.decorator_list) > len(unit.decorators)


def tool_classes(code: str) -> list[str]:
    """Names of a tool.py under which `Tool.from_code` would find a Tool subclass, in the order it looks."""
    module = parse_module("tool.py", code.encode())
    own = {t.node.name for t in module.tools if isinstance(t.node, ast.ClassDef)}
    own |= {b.name for t in module.tools for b in t.bases}
    imported = {
        alias.asname or alias.name
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "smolagents"
        for alias in node.names
        if alias.name.endswith("Tool") and alias.name != "Tool"
    }
    top = {n.name for n in module.tree.body if isinstance(n, ast.ClassDef)}
    return sorted((own & top) | imported)


def first_alias(entry: str, others: list[str], used: set[str]) -> str | None:
    """A name for the entry class that sorts before every other Tool subclass; None if there is none."""
    candidates = ["A" + "0" * n for n in range(4)]
    return next(
        (c for c in candidates if c not in used and all(c < other for other in others if other != entry)),
        None,
    )


def _docstring_text(source: Source, literal: ast.Constant) -> str:
    return source.text.segment(literal)


def _text(value: str) -> str:
    plain = json.dumps(value, ensure_ascii=False)
    return plain if _encodes(value) and not re.search("[\x7f\x85\u2028\u2029]", value) else ascii(value)


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _paragraphs(value: str) -> str:
    lines = value.splitlines(keepends=True)
    if len(lines) < 2:
        return _text(value)
    return "(\n" + "".join(f"        {_text(line)}\n" for line in lines) + "    )"


def _inputs(inputs: dict[str, dict[str, Any]]) -> str:
    if not inputs:
        return "{}"
    return (
        "{\n"
        + "".join(f"        {_text(name)}: {_value(schema)},\n" for name, schema in inputs.items())
        + "    }"
    )


def _value(value: Any) -> str:
    """A JSON-like value as Python source; strings as JSON writes them, the rest as `repr`."""
    match value:
        case str():
            return _text(value)
        case dict():
            return "{" + ", ".join(f"{_value(k)}: {_value(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(_value(v) for v in value) + "]"
    return repr(value)
