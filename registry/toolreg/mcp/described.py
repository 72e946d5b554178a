"""What a server says of its tools, in Python's and smolagents' terms: names, inputs, descriptions."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

_TYPES = frozenset({"string", "boolean", "integer", "number", "array", "object", "null"})
_TAKEN = frozenset({*dir(builtins), "final_answer", "self"})
LONGEST_DESCRIPTION = 8_000
_LONGEST_NAME = 64
_LONGEST_SCHEMA = 1_500
# What a type's name alone does not tell.
_TELLING = frozenset(
    {
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "default",
        "enum",
        "format",
        "items",
        "maximum",
    }
    | {"maxItems", "maxLength", "minimum", "minItems", "minLength", "oneOf", "pattern", "properties"}
)


def python_name(name: str) -> str:
    """A tool's name as Python can write it: get-sum → get_sum. Never that of a builtin: code that prints would
    call the server."""
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)[:_LONGEST_NAME] or "tool"
    plain = f"_{plain}" if plain[0].isdigit() else plain
    return f"{plain}_" if keyword.iskeyword(plain) or plain in _TAKEN or plain.startswith("__") else plain


def python_names(names: Iterable[str]) -> dict[str, str]:
    """The names of one server's tools, each its own: get-sum and get_sum → get_sum, get_sum_2."""
    found: dict[str, str] = {}
    for name in sorted(names):
        plain = python_name(name)
        numbered = (plain if n == 1 else f"{plain.rstrip('_')}_{n}" for n in range(1, len(found) + 2))
        found[name] = next(each for each in numbered if each not in found.values())
    return found


def inputs_of(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A JSON Schema's properties as smolagents' inputs; what their types do not tell stands in the description."""
    properties = schema.get("properties")
    wanted = schema.get("required")
    required = [name for name in wanted if isinstance(name, str)] if isinstance(wanted, list) else []
    inputs: dict[str, dict[str, Any]] = {}
    for name, about in (properties if isinstance(properties, dict) else {}).items():
        about = about if isinstance(about, dict) else {}
        entry: dict[str, Any] = {"type": _type(about), "description": _description(about, schema)}
        if name not in required:
            entry["nullable"] = True
        if isinstance(about.get("enum"), list):
            entry["enum"] = about["enum"]
        inputs[str(name)] = entry
    return inputs


def _type(about: Mapping[str, Any]) -> str:
    kind = about.get("type")
    return kind if isinstance(kind, str) and kind in _TYPES else "any"


def _description(about: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    text = str(about.get("description") or about.get("title") or "")[:LONGEST_DESCRIPTION]
    told = [text or "No description is given.", _schema(about, whole) if _TELLING & set(about) else ""]
    return " ".join(part for part in told if part)


def _schema(about: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """The schema in a line, with what it refers to; cut where it is long."""
    told = {key: value for key, value in about.items() if key not in ("description", "title")}
    text = json.dumps(told, ensure_ascii=True)
    named = dict.fromkeys(re.findall(r'"#/\$defs/([^"/]+)"', text))
    definitions = whole.get("$defs")
    if isinstance(definitions, dict) and named:
        told["$defs"] = {name: definitions[name] for name in named if name in definitions}
        text = json.dumps(told, ensure_ascii=True)
    return "JSON Schema: " + (text if len(text) <= _LONGEST_SCHEMA else text[:_LONGEST_SCHEMA] + "…")
