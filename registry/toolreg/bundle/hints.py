"""A type hint as the JSON Schema smolagents makes of it, read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# What a name in an annotation stands for: ("typing", "List"), ("builtins", "int"), an expression (an alias) or None.
Meaning = tuple[str, str] | ast.expr | None
Resolver = Callable[[ast.expr], Meaning]

_BASE = {"int": "integer", "float": "number", "str": "string", "bool": "boolean", "list": "array", "dict": "object",
         "NoneType": "null"}  # fmt: skip
_OLD = {
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "Set": "set",
    "FrozenSet": "frozenset",
    "Type": "type",
}
_ARRAYS = frozenset({"set", "frozenset", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection", "Set",
                     "AbstractSet", "MutableSet", "deque", "Deque", "FrozenSet", "Generator", "AsyncIterator"})  # fmt: skip
_OBJECTS = frozenset(
    {"Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict", "Counter", "ChainMap"}
)
_NONE = {"type": "null"}
_MODULES = ("builtins", "typing", "typing_extensions", "collections", "collections.abc", "types")


class UnknownHint(Exception):
    """A hint that smolagents refuses (strict), or that no reading makes sense of."""


@dataclass(frozen=True, slots=True)
class Hints:
    """Reads hints of one module; `resolve` says what a name there stands for."""

    resolve: Resolver

    def schema(self, node: ast.expr, *, strict: bool, depth: int = 0) -> dict[str, Any]:
        """JSON Schema of a hint. strict: raise UnknownHint where smolagents would."""
        if depth > 20:
            raise UnknownHint("refers to itself")
        match node:
            case ast.Constant(value=None):
                return dict(_NONE)
            case ast.Constant(value=str() as text):
                return self.schema(_parsed(text), strict=strict, depth=depth + 1)
            case ast.BinOp(op=ast.BitOr()):
                return self._union(_flat(node), strict, depth)
            case ast.Name() | ast.Attribute():
                return self._named(node, strict, depth)
            case ast.Subscript(value=value, slice=inner):
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return self._generic(self._what(value), list(parts), strict, depth)
        raise UnknownHint("not a type that can be read without running it")

    def _what(self, node: ast.expr) -> Meaning:
        return self.resolve(node)

    def _named(self, node: ast.expr, strict: bool, depth: int) -> dict[str, Any]:
        meaning = self._what(node)
        if isinstance(meaning, ast.expr):
            return self.schema(meaning, strict=strict, depth=depth + 1)
        if meaning is None or meaning[0] not in _MODULES:
            return {"type": "object"}
        module, name = meaning
        if module == "builtins" or name == "NoneType":
            return {
                "type": _BASE.get(name, "object" if strict or name not in _ARRAYS | {"tuple"} else "array")
            }
        if name == "Any":
            return {"type": "any"}
        if name in ("List", "Tuple"):
            return {"type": "array"}
        if name == "Dict" or (not strict and name in _OBJECTS):
            return {"type": "object"}
        if module.startswith("typing") and name in ("Union", "Optional", "Literal"):
            return {"type": "object"}
        if name in _ARRAYS and not (strict and module == "typing"):
            return {"type": "object" if strict else "array"}
        if strict and module == "typing" and name in _TYPING_ALIASES:
            raise UnknownHint(f"smolagents takes no {name}")
        return {"type": "object"}

    def _generic(self, meaning: Meaning, parts: list[ast.expr], strict: bool, depth: int) -> dict[str, Any]:
        if isinstance(meaning, ast.expr) or meaning is None or meaning[0] not in _MODULES:
            raise (
                UnknownHint("a generic class of its own, which smolagents does not take")
                if strict
                else _object(meaning)
            )
        name = _OLD.get(meaning[1], meaning[1]) if meaning[0].startswith("typing") else meaning[1]
        match name:
            case "Optional":
                return self._union([*parts, ast.Constant(value=None)], strict, depth)
            case "Union":
                return self._union(parts, strict, depth)
            case "Annotated" | "Required" | "NotRequired":
                return self.schema(parts[0], strict=strict, depth=depth + 1)
            case "Literal":
                return self._literal(parts, strict)
            case "list":
                return {"type": "array", "items": self.schema(parts[0], strict=strict, depth=depth + 1)}
            case "dict":
                values = (
                    {"additionalProperties": self.schema(parts[1], strict=strict, depth=depth + 1)}
                    if len(parts) == 2
                    else {}
                )
                return {"type": "object", **values}
            case "tuple":
                return self._tuple(parts, strict, depth)
        if strict:
            raise UnknownHint(f"smolagents takes no {name}[…]")
        if name in _ARRAYS:
            return {"type": "array", "items": self.schema(parts[0], strict=False, depth=depth + 1)}
        return {"type": "object"} if name in _OBJECTS or name == "type" else {"type": "any"}

    def _tuple(self, parts: list[ast.expr], strict: bool, depth: int) -> dict[str, Any]:
        endless = any(isinstance(p, ast.Constant) and p.value is ... for p in parts)
        if strict and (endless or len(parts) == 1):
            raise UnknownHint("smolagents takes no tuple of one or of any length")
        if endless:
            return {"type": "array", "items": self.schema(parts[0], strict=False, depth=depth + 1)}
        return {
            "type": "array",
            "prefixItems": [self.schema(p, strict=strict, depth=depth + 1) for p in parts],
        }

    def _union(self, parts: list[ast.expr], strict: bool, depth: int) -> dict[str, Any]:
        members = self._members(parts, depth)
        plain = [m for m in members if not _is_none(m)]
        if not plain:
            return dict(_NONE)
        if len(members) == 1:
            return self.schema(members[0], strict=strict, depth=depth + 1)
        schema = _joined([self.schema(p, strict=strict, depth=depth + 1) for p in plain])
        return {**schema, "nullable": True} if len(plain) < len(members) else schema

    def _members(self, parts: list[ast.expr], depth: int) -> list[ast.expr]:
        """The members of a union, nested unions and aliases opened, each once, as typing does."""
        found: list[ast.expr] = []
        for part in parts:
            for member in self._opened(part, depth):
                key = self._key(member)
                if key not in [self._key(f) for f in found]:
                    found.append(member)
        return found

    def _key(self, node: ast.expr) -> str:
        meaning = self._what(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        return ".".join(meaning) if isinstance(meaning, tuple) else ast.dump(node)

    def _opened(self, node: ast.expr, depth: int) -> list[ast.expr]:
        if depth > 20:
            raise UnknownHint("refers to itself")
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._opened(_parsed(node.value), depth + 1)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._members(_flat(node), depth + 1)
        if isinstance(node, (ast.Name, ast.Attribute)):
            meaning = self._what(node)
            return self._opened(meaning, depth + 1) if isinstance(meaning, ast.expr) else [node]
        if isinstance(node, ast.Subscript):
            meaning = self._what(node.value)
            inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
            if meaning in (("typing", "Union"), ("typing", "Optional")):
                extra: list[ast.expr] = [ast.Constant(value=None)] if meaning[1] == "Optional" else []
                return self._members([*inner, *extra], depth + 1)
            if isinstance(meaning, tuple) and meaning[1] == "Annotated":
                return self._opened(inner[0], depth + 1)
        return [node]

    def _literal(self, parts: list[ast.expr], strict: bool) -> dict[str, Any]:
        values: list[Any] = []
        kinds: dict[str, dict[str, Any]] = {}
        for part in parts:
            value = _literal_value(part)
            if value is ...:
                if isinstance(part, ast.Subscript) and strict:
                    raise UnknownHint("a Literal inside a Literal")
                raise UnknownHint("a Literal of something that is no literal")
            kinds.setdefault(type(value).__name__, {"type": _BASE.get(type(value).__name__, "object")})
            if (type(value), value) not in [(type(v), v) for v in values]:
                values.append(value)
        nullable = {"nullable": True} if kinds.pop("NoneType", None) else {}
        if not kinds:
            raise UnknownHint("a Literal of None alone")
        return {**_joined(list(kinds.values())), **nullable, "enum": [v for v in values if v is not None]}


_TYPING_ALIASES = frozenset({"Sequence", "Iterable", "Iterator", "Mapping", "MutableMapping", "Set", "FrozenSet", "Callable", "Type",
                             "Collection", "Deque", "DefaultDict", "OrderedDict", "Counter", "AbstractSet", "Generator",
                             "MutableSequence", "MutableSet", "ChainMap", "AsyncIterator"})  # fmt: skip


def _object(meaning: Meaning) -> UnknownHint:
    name = meaning[1] if isinstance(meaning, tuple) else "this"
    return UnknownHint(f"'{name}' is a generic class of its own")


def _joined(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    if len(schemas) == 1:
        return schemas[0]
    kinds = [s.get("type") for s in schemas]
    if any(k is None for k in kinds):
        raise UnknownHint("a union in a union that smolagents cannot write down")
    if all(isinstance(k, str) for k in kinds):
        return {"type": sorted(str(k) for k in kinds)}
    return {"anyOf": schemas}


def _literal_value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return ...


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _flat(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_flat(node.left), *_flat(node.right)]
    return [node]


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise UnknownHint("its text does not parse") from error
