"""The definition smolagents would compute for a `@tool` function, computed without running it.

Mirrors `get_json_schema` of smolagents 1.26 (a conformance test holds the two together), and goes on
where smolagents gives up: NumPy and ReST docstrings, `set[str]`, `Sequence[int]`, unions of objects.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from dataclasses import dataclass
from typing import Any

from toolreg.bundle.hints import Hints, UnknownHint
from toolreg.bundle.names import arguments_of
from toolreg.contract import ToolSource
from toolreg.contract.source import Function

Reasons = list[tuple[int, str]]

_SECTION = re.compile(r"\n\s*(?:Args|Returns|Raises):")
_ARGS = re.compile(r"\n\s*Args:\n\s*")
_AFTER_ARGS = re.compile(r"[\n\s]*(?:Returns|Raises):")
_HEAD = r"\s*\w+\s*(?:\([^)]*?\))?:"
_ITEM = re.compile(rf"(?:^|\n)\s*(?P<name>\w+)\s*(?:\([^)]*?\))?:\s*(?P<text>.*?)\s*(?=\n{_HEAD}|\Z)", re.S)
_CHOICES = re.compile(r"\(choices:\s*(.*?)\)\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a model is told of a tool.

    stock: smolagents reads every hint of it; otherwise its check of the signature has to be left out.
    """

    name: str
    description: str
    inputs: dict[str, dict[str, Any]]
    output_type: str
    stock: bool = True


def define(tool: ToolSource, hints: Hints) -> tuple[Definition | None, Reasons]:
    """The definition of a `@tool` function, or every reason why there is none."""
    call = tool.call
    if call is None or not tool.docstring.text.strip():
        return None, [(tool.line, "no docstring: a model would not know what the tool is for")]
    document = inspect.cleandoc(tool.docstring.text).strip()
    texts, stock = _texts(tool, document), True
    reasons: Reasons = []
    inputs: dict[str, dict[str, Any]] = {}
    for argument in arguments_of(call.args):
        schema, fine = _input(argument, hints, reasons)
        stock = stock and fine
        if argument.arg in _optional(call):
            schema["nullable"] = True
        if argument.arg not in texts:
            reasons.append(
                (argument.lineno, f"parameter '{argument.arg}' has no description in the docstring's Args")
            )
        else:
            schema.update(_described(texts[argument.arg], argument.lineno, reasons))
        inputs[argument.arg] = schema
    output, fine = _output(call, hints, reasons)
    stock = stock and fine
    description = _description(tool, document)
    return (None, reasons) if reasons else (Definition(tool.name, description, inputs, output, stock), [])


def google_texts(document: str) -> dict[str, str]:
    """Parameter name → description, as smolagents reads a Google docstring."""
    start = _ARGS.search(document)
    if start is None:
        return {}
    rest = document[start.end() :]
    end = _AFTER_ARGS.search(rest)
    block = rest[: end.start()] if end else rest
    lines = "\n".join(line for line in block.strip().split("\n") if line.strip())
    return {m["name"]: re.sub(r"\s*\n+\s*", " ", m["text"].strip()) for m in _ITEM.finditer(lines)}


def google_description(document: str) -> str:
    """The text before Args, Returns and Raises."""
    end = _SECTION.search(document)
    return document[: end.start()].strip() if end else document.strip()


def _texts(tool: ToolSource, document: str) -> dict[str, str]:
    """Descriptions as smolagents finds them; from the wider reading of the contract where it finds none."""
    texts = google_texts(document)
    names = [a.arg for a in tool.parameters]
    if all(name in texts for name in names):
        return texts
    section = tool.docstring.section("Args")
    wider = {item.name: item.text for item in section.items()} if section else {}
    return {**wider, **texts}


def _description(tool: ToolSource, document: str) -> str:
    if tool.docstring.style == "google":
        section = tool.docstring.section("Args")
        if section is not None and section.written != "Args":
            document = re.split(rf"\n\s*{re.escape(section.written)}\s*:", document, maxsplit=1)[0]
        return google_description(document)
    return re.split(r"\n\s*:(?:param|parameter|arg|returns?|raises|type|rtype)\b|\n\s*(?:Parameters|Returns|Raises|Examples)\s*\n\s*-{3,}",
                    document, maxsplit=1)[0].strip()  # fmt: skip


def _input(argument: ast.arg, hints: Hints, reasons: Reasons) -> tuple[dict[str, Any], bool]:
    if argument.annotation is None:
        reasons.append((argument.lineno, f"parameter '{argument.arg}' has no type"))
        return {"type": "any"}, True
    schema, fine = _schema(argument.annotation, hints, reasons)
    return ({"type": "any"}, False) if "type" not in schema else (schema, fine)


def _output(call: Function, hints: Hints, reasons: Reasons) -> tuple[str, bool]:
    if call.returns is None:
        if arguments_of(call.args):
            reasons.append((call.lineno, "no return type"))
        return "null", True
    schema, fine = _schema(call.returns, hints, reasons)
    kind = schema.get("type", "")
    return (kind or "any" if isinstance(kind, str) else "any"), fine and bool(kind)


def _schema(annotation: ast.expr, hints: Hints, reasons: Reasons) -> tuple[dict[str, Any], bool]:
    try:
        return hints.schema(annotation, strict=True), True
    except UnknownHint:
        pass
    try:
        return hints.schema(annotation, strict=False), False
    except UnknownHint as error:
        reasons.append((annotation.lineno, f"type '{ast.unparse(annotation)}': {error}"))
        return {"type": "any"}, False


def _optional(call: Function) -> set[str]:
    plain = [*call.args.posonlyargs, *call.args.args]
    last = plain[len(plain) - len(call.args.defaults) :]
    words = zip(call.args.kwonlyargs, call.args.kw_defaults, strict=True)
    return {a.arg for a in last} | {a.arg for a, default in words if default is not None}


def _described(text: str, line: int, reasons: Reasons) -> dict[str, Any]:
    choices = _CHOICES.search(text)
    if choices is None:
        return {"description": text}
    try:
        values = [str(c).strip() for c in json.loads(choices[1])]
    except (ValueError, TypeError):
        reasons.append((line, f"`(choices: {choices[1]})` is no JSON list"))
        values = []
    return {"enum": values, "description": text[: choices.start()].strip()}
