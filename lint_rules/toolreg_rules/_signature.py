"""What several rules ask of a tool's signature and inputs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toolreg.contract.once import once
from toolreg.contract.source import ToolSource
from toolreg_rules._values import inputs_of, text_of

AUTHORISED = ("string", "boolean", "integer", "number", "image", "audio", "array", "object", "any", "null")
# Hints that smolagents maps to a JSON type, and the type.
JSON_TYPES = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "List": "array",
    "tuple": "array",
    "Tuple": "array",
    "dict": "object",
    "Dict": "object",
    "Any": "any",
    "object": "any",
    "Image": "image",
    "Tensor": "audio",
}
WRAPPERS = frozenset({"Optional", "Union", "Literal", "Annotated"})


@once
def default_of(tool: ToolSource) -> dict[str, ast.expr]:
    """The default of each parameter that has one."""
    if tool.call is None:
        return {}
    a = tool.call.args
    plain = [*a.posonlyargs, *a.args]
    found = dict(zip([p.arg for p in plain[len(plain) - len(a.defaults) :]], a.defaults, strict=True))
    found.update({p.arg: d for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None})
    return found


def head_of(annotation: ast.expr) -> str:
    """`typing.List[int]` -> List; "" where the hint is no plain name."""
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def unquoted(annotation: ast.expr) -> ast.expr:
    """A hint written as a string, parsed; placed where the string stands."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            inner = ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            return annotation
        for node in ast.walk(inner):
            if "lineno" in node._attributes:
                ast.copy_location(node, annotation)
        return inner
    return annotation


def parts_of(annotation: ast.expr) -> Iterator[ast.expr]:
    """The members of a union, however it is written; a plain hint is its own only member."""
    annotation = unquoted(annotation)
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        yield from parts_of(annotation.left)
        yield from parts_of(annotation.right)
    elif isinstance(annotation, ast.Subscript) and head_of(annotation) in ("Optional", "Union"):
        inner = annotation.slice
        for member in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
            yield from parts_of(member)
        if head_of(annotation) == "Optional":
            yield ast.copy_location(ast.Constant(None), annotation)
    else:
        yield annotation
        if isinstance(annotation, ast.Subscript) and head_of(annotation) == "Literal":
            yield from (v for v in literals_of(annotation) if is_none(v))


def literals_of(hint: ast.Subscript) -> list[ast.expr]:
    """The values of a `Literal[...]`."""
    return hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]


def is_none(node: ast.expr | None) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or (
        isinstance(node, ast.Name) and node.id == "NoneType"
    )


def is_optional(annotation: ast.expr) -> bool:
    return any(is_none(part) or head_of(part) in ("Any", "object") for part in parts_of(annotation))


def json_type(annotation: ast.expr) -> str:
    """The one JSON type of a hint, its None left out; "" where it is unknown or several."""
    kinds = set()
    for part in parts_of(annotation):
        if is_none(part):
            continue
        name = head_of(part)
        if name == "Annotated" and isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Tuple):
            kinds.add(json_type(part.slice.elts[0]))
        elif name == "Literal" and isinstance(part, ast.Subscript):
            kinds |= {_constant_type(value) for value in literals_of(part) if not is_none(value)}
        else:
            kinds.add(JSON_TYPES.get(name, ""))
    return kinds.pop() if len(kinds) == 1 else ""


def _constant_type(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    return JSON_TYPES.get(type(value).__name__, "")


def types_in(node: ast.expr | None) -> list[str]:
    """The type words of an `inputs` entry: a string or a list of strings."""
    values = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]


def is_tool(tool: ToolSource, base: ast.expr) -> bool:
    """True for smolagents' own `Tool`, by whatever name the file imports it."""
    if head_of(base) == "Tool":
        return True
    imports = tool.module.walk.nodes(ast.ImportFrom)
    return isinstance(base, ast.Name) and any(
        a.asname == base.id and a.name == "Tool" for node in imports for a in node.names
    )


def skips_validation(tool: ToolSource) -> bool:
    """The author told smolagents not to compare forward with inputs."""
    if isinstance(tool.node, ast.ClassDef) and any(
        head_of(base) == "PipelineTool" for base in tool.node.bases
    ):
        return True  # its forward stands between encode and decode
    value = tool.attribute("skip_forward_signature_validation")
    return isinstance(value, ast.Constant) and value.value is True


Described = tuple[str, str, ast.AST | int]


@once
def described(tool: ToolSource) -> tuple[Described, ...]:
    """(parameter, its text for the model, where it stands), for functions and classes alike."""
    if tool.form == "function":
        section = tool.docstring.section("Args")
        return tuple((i.name, i.text, i.line) for i in section.items()) if section else ()
    found: list[Described] = []
    for name, (_, entries) in (inputs_of(tool) or {}).items():
        node = entries.get("description")
        text = text_of(tool, node)
        if node is not None and text is not None:
            found.append((name, text, node))
    return tuple(found)
