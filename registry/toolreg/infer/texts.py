"""Texts put together: `+`, f-strings, `%`, `.format`, `.join`, and the methods that leave a target as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from toolreg.infer.targets import alternatives
from toolreg.infer.values import (
    DATA,
    Const,
    Hole,
    Items,
    Part,
    Text,
    Value,
    const,
    derived,
    hole,
    join_all,
    text,
)

if TYPE_CHECKING:
    from toolreg.infer.machine import Args

_WIDE = 12
UNKNOWN_PIECE: tuple[Part, ...] = (hole("is not known before the tool runs"),)
# The text stays what it was, as far as a target goes.
SAME = frozenset(
    [
        "strip",
        "lstrip",
        "rstrip",
        "encode",
        "decode",
        "lower",
        "casefold",
        "expanduser",
        "removesuffix",
        "expandtabs",
        "as_posix",
        "__str__",
    ]
)
_COMPUTED = frozenset(
    [
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "casefold",
        "capitalize",
        "upper",
        "replace",
        "removeprefix",
        "removesuffix",
        "title",
        "swapcase",
        "encode",
        "decode",
        "hex",
        "zfill",
        "translate",
    ]
)
_FIELD = re.compile(r"\{\{|\}\}|\{(\w*)[^{}]*\}")
_PERCENT = re.compile(r"%%|%(?:\((\w+)\))?[-#0-9. +]*[a-zA-Z]")


def to_text(value: Value) -> list[tuple[Part, ...]]:
    """Each text a value may be as pieces, unknown ones as holes; never empty."""
    found = [parts if parts is not None else UNKNOWN_PIECE for parts in alternatives(value)]
    return found or [("None",)]


def add_text(a: Value, b: Value, between: str = "") -> Value:
    """`a + between + b` for each of their alternatives."""
    if between:  # a path: joining None fails
        head, tail = _not_none(a), _not_none(b)
        if head is None or tail is None:
            return const(None)
        a, b = head, tail
    lefts, rights = to_text(a), to_text(b)
    made = []
    for left in lefts:
        for right in rights:
            again = _whole_again(left, right) if between else None
            if again is not None:
                made.append(again)
            elif (between and left == (".",) and right) or (
                between and right and isinstance(right[0], str) and right[0].startswith("/")
            ):  # this folder: the path alone
                made.append(right)
            else:
                gap = between if left and not (isinstance(left[-1], str) and left[-1].endswith("/")) else ""
                made.append((*left, gap, *right) if gap else (*left, *right))
    return join_all(text(parts) for parts in made[:_WIDE]) if len(made) <= _WIDE else derived(a + b)


def _not_none(value: Value) -> Value | None:
    kept = tuple(a for a in value if not (isinstance(a, Const) and a.value is None))
    return kept if kept or not value else None


def fill(template: str, pattern: re.Pattern[str], pieces: list[Value], named: dict[str, Value]) -> Value:
    """Put values into a format text; what is not given stays unknown."""
    parts: list[Part] = []
    at, position = 0, 0
    for match in pattern.finditer(template):
        parts.append(template[at : match.start()])
        at = match.end()
        if match[0] in ("{{", "}}", "%%"):
            parts.append(match[0][0])
            continue
        key = match[1]
        if key and key.isdigit():
            value = pieces[int(key)] if int(key) < len(pieces) else DATA
        elif key:
            value = named.get(key, DATA)
        else:
            value = pieces[position] if position < len(pieces) else DATA
            position += 1
        parts += to_text(value)[0] if len(to_text(value)) == 1 else _several(value)
    parts.append(template[at:])
    return text(tuple(parts))


def _several(value: Value) -> tuple[Part, ...]:
    kept = derived(value)
    return kept[0].parts if kept and isinstance(kept[0], Text) else UNKNOWN_PIECE


def format_percent(a: Value, b: Value) -> Value:
    """`"https://%s/x" % host`."""
    pieces, named = [b], {}
    if len(b) == 1 and isinstance(b[0], Items):
        pieces = b[0].values
        named = {str(k): v for k, v in (b[0].keys or {}).items()}
    return join_all(
        fill(x.value, _PERCENT, pieces, named)
        if isinstance(x, Const) and isinstance(x.value, str)
        else derived((*a, *b))
        for x in a
    )


def text_method(of: Const | Text, name: str, args: Args) -> Value:
    """A method of a text, computed where all is constant, kept where the target stays the same."""
    if isinstance(of, Const) and isinstance(of.value, str):
        if name == "format":
            return fill(of.value, _FIELD, args.pos, args.named)
        if name == "join":
            return _joined(of.value, args)
    if isinstance(of, Const) and isinstance(of.value, (str, bytes)) and name in _COMPUTED:
        known = [a[0].value for a in args.pos if len(a) == 1 and isinstance(a[0], Const)]
        if len(known) == len(args.pos) and not args.named:
            return _compute(of.value, name, known)
    if name in SAME:
        return (of,)
    if name in ("split", "splitlines", "rsplit", "partition"):
        return _split(of, name, args)
    if name in ("get", "pop", "setdefault"):  # a parameter that is a mapping
        return derived((of,))
    return derived((of, *(x for a in args.every() for x in a)))


def _compute(of: str | bytes, name: str, known: list[object]) -> Value:
    try:
        result = getattr(of, name)(*known)
    except (AttributeError, TypeError, ValueError, LookupError, OverflowError, MemoryError):
        return DATA
    return const(result)


def _joined(separator: str, args: Args) -> Value:
    value = args.pos[0] if args.pos else DATA
    if len(value) != 1 or not isinstance(value[0], Items) or not value[0].values:
        return derived(value) or derived(value[0].any_of() if value and isinstance(value[0], Items) else DATA)
    parts: list[Part] = []
    for at, item in enumerate(value[0].values):
        several = to_text(item)
        parts += [separator] if at else []
        parts += several[0] if len(several) == 1 else _several(item)
    if not value[0].whole:  # what follows is not known
        parts += [separator, *_several(value[0].rest)]
    return text(tuple(parts))


def _split(of: Const | Text, name: str, args: Args) -> Value:
    items = Items()
    if isinstance(of, Const) and isinstance(of.value, str) and name == "split":
        known = [a[0].value for a in args.pos if len(a) == 1 and isinstance(a[0], Const)]
        separator = known[0] if known and isinstance(known[0], str) and known[0] else None
        items.values = [const(word) for word in of.value.split(separator)][:64]
        return (items,)
    if isinstance(of, Text) and isinstance(of.parts[0], str) and name == "split" and not args.pos:
        first = of.parts[0].split()
        if len(first) > 1 or of.parts[0][-1:].isspace():
            items.values = [const(word) for word in first]
    items.rest, items.whole = derived((of,)), False
    return (items,)


def name_of(target: Value) -> Value:
    """The last piece of a path: together with the folder it is that path again."""
    made: list[Value] = []
    for atom in target:
        last = atom.parts[-1] if isinstance(atom, Text) else None
        if isinstance(atom, Const) and isinstance(atom.value, str):
            made.append(const(atom.value.rstrip("/").rpartition("/")[2]))
        elif isinstance(last, Hole) and last.exact and last.role == "":
            made.append(text((hole(f"is the name of `{last.params[0]}`", last.params, role="name"),)))
        elif isinstance(atom, Const) and atom.value is None:  # no path: the call fails
            made.append((atom,))
        else:
            made.append(derived((atom,)))
    return join_all(made)


def _whole_again(left: tuple[Part, ...], right: tuple[Part, ...]) -> tuple[Part, ...] | None:
    """`path.parent / path.name` is `path`."""
    if len(right) != 1 or not isinstance(right[0], Hole) or right[0].role != "name":
        return None
    path = hole(f"comes from `{right[0].params[0]}`", right[0].params, exact=True)
    if len(left) == 1 and isinstance(left[0], Hole) and left[0].role == "parent":
        return (path,) if left[0].params == right[0].params else None
    return None


def parent_of(target: Value) -> Value:
    """The folder of a path: what is known of it in front of the last slash."""
    made: list[Value] = []
    for atom in target:
        if isinstance(atom, Const) and isinstance(atom.value, str):
            head = atom.value.rstrip("/").rpartition("/")[0]
            made.append(const(head or ("/" if atom.value.startswith("/") else ".")))
        elif isinstance(atom, Text) and isinstance(atom.parts[-1], str) and "/" in atom.parts[-1]:
            made.append(text((*atom.parts[:-1], atom.parts[-1].rpartition("/")[0])))
        elif (
            isinstance(atom, Text)
            and len(atom.parts) > 1
            and isinstance(atom.parts[-2], str)
            and atom.parts[-2].endswith("/")
        ):
            made.append(text((*atom.parts[:-2], atom.parts[-2].rstrip("/"))))
        elif isinstance(atom, Text) and isinstance(atom.parts[0], Hole) and atom.parts[0].exact:
            made.append(
                text(
                    (
                        hole(
                            f"is the folder of `{atom.parts[0].params[0]}`",
                            atom.parts[0].params,
                            role="parent",
                        ),
                    )
                )
            )
        elif isinstance(atom, Const) and atom.value is None:  # no path: the call fails
            made.append((atom,))
        else:
            made.append(derived((atom,)))
    return join_all(made)
