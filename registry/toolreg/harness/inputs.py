"""Arguments that may change a tool's mind: what its code knows, the edges of a type, the kinds of text that people write."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from toolreg.contract import Example, ToolSource, spec_of
from toolreg.harness.cases import Granted
from toolreg.harness.constants import Constants
from toolreg.harness.generate import edge_values, matching
from toolreg.harness.scene import Scene

MOST = 120
KNOWN = "arguments that the code knows"
_SHOWN = 20_000
_LONGEST_LENGTH = 20_000
_PAIRS = 64
_KIND = "calls of several people"
_BURST, _BURST_SECONDS = 2500, 0.25
_KINDS = (
    "ann@example.com", "https://example.com/a?b=c", "What is it?", "今天天气很好", "Как дела?", "one two three four five six seven",
    "SELECT * FROM users WHERE id = 1;", '{"role": "admin", "amount": 5000}', "2027-03-15", "/home/ann/notes.txt", "C:\\\\Temp",
    "4111 1111 1111 1111", "+1 555 0100", "password", "my api key is sk-1234567890", "confidential", "invoice 4711", "<p>Hello</p>",
    "def f(x):\n    return x", "- one\n- two", "# Title\n\nText.", "yes", "help", "history", "admin", "test", "None", "3.14",
    "EUR 1,250.00", "Dear Sir or Madam, " + "please find the report enclosed. " * 20, "lorem ipsum " * 300, "😀👍",
)  # fmt: skip


def calls(tool: ToolSource, granted: Granted, known: Constants) -> Iterator[Scene]:
    """One call for each edge of an input, and each constant of the code; the others as in the first example."""
    free = _free(tool, granted)
    if not free:
        return
    base = dict(granted.calls[0])
    named = [
        {**base, n: v}
        for n, s in free.items()
        if not s.get("enum")
        for v in _arguments(s, base.get(n), known)
    ]
    edges = [{**base, n: v} for n, s in free.items() for v in (*edge_values(s), *_usual(s))]
    listed = (
        (KNOWN, "an argument that the code knows", named),
        (KNOWN, "two arguments that the code knows", list(_pairs(base, free, known))),
        ("inputs at their edge", "an input at its edge", edges),
    )
    for kind, what, made in listed:
        for number, arguments in enumerate(list(dict.fromkeys(map(repr, made)))[:MOST], 1):
            yield Scene(f"{what} ({number})", {}, (_call(tool, arguments),), kind=kind)


def at_once(
    tool: ToolSource, granted: Granted, sources: tuple[str, ...], held: tuple[Example, ...]
) -> Iterator[Scene]:
    """Many calls in one process: by two people, one after the other, and with all sorts of arguments.

    held: the examples that must hold after them; () where a call may leave something behind.
    """
    free = _free(tool, granted)
    if not free or tool.method("setup") is not None:
        return
    base, mark = dict(granted.calls[0]), f"Maria{secrets.token_hex(5)}"
    texts = [n for n, s in free.items() if "string" in _kinds(s) and not s.get("enum")]
    if texts and held:
        first = _call(
            tool, repr({**base, **dict.fromkeys(texts, f"{mark} was here, and wrote all of this herself")})
        )
        asked = (
            {**base, texts[0]: text} for text in (*_KINDS, "", "last", "show", "list", "previous", "again")
        )
        later = tuple(_call(tool, repr(each)) for each in asked)
        yield Scene("a call of somebody else", {}, (first, *sources, *later), kind=_KIND, remembers=mark)
        if not any(e.kind == "net" for e in granted.effects):
            between = tuple(each for call in later for each in (call, first))
            yield Scene(
                "a call of somebody else just before", {}, (first, *between), kind=_KIND, remembers=mark
            )
    only_here = all(e.kind in ("env", "code", "native") for e in granted.effects)
    kinds = {n: kind for n, s in free.items() if not s.get("enum") for kind in _kinds(s)[:1] if kind in _MADE}
    if kinds and only_here:
        many = f"__toolreg__['burst']({tool.name}, {base!r}, {kinds!r}, {_BURST}, {_BURST_SECONDS})"
        yield Scene("all sorts of arguments", {}, (many, *sources), held, _KIND, lead=1)


def odd_calls(tool: ToolSource, granted: Granted) -> Iterator[dict[str, Any]]:
    """The first example with texts that nobody expects: what an error says is an answer too."""
    free = _free(tool, granted)
    texts = [n for n, s in free.items() if "string" in _kinds(s) and not s.get("enum")]
    for text in ("", "?!", "x" * 300) if texts else ():
        yield {**granted.calls[0], **dict.fromkeys(texts, text)}


_MADE = ("string", "integer", "number", "boolean", "array", "object")


def _free(tool: ToolSource, granted: Granted) -> dict[str, Mapping[str, Any]]:
    """The inputs that no effect is bound to; none where a call cannot be written down."""
    inputs = spec_of(tool).inputs
    media = any(schema.get("type") in ("image", "audio") for schema in inputs.values())
    if tool.call is None or not granted.calls or media or isinstance(tool.call, ast.AsyncFunctionDef):
        return {}
    bound = {p for e in tool.declared or () for p in e.parameters}
    return {name: schema for name, schema in inputs.items() if name not in bound}


def _call(tool: ToolSource, arguments: str) -> str:
    """Shown in part, so that many long results do not end the case."""
    return f"print(repr({tool.name}(**{arguments}))[:{_SHOWN}])"


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kinds = schema.get("type", "any")
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _usual(schema: Mapping[str, Any]) -> Sequence[Any]:
    """Kinds of text that people write."""
    return _KINDS if {"string", "any"} & set(_kinds(schema)) and not schema.get("enum") else ()


def _arguments(schema: Mapping[str, Any], usual: object, known: Constants) -> Iterator[Any]:
    kinds = _kinds(schema)
    if "string" in kinds or "any" in kinds:
        yield from matching(known.patterns)
        for text in known.texts:
            yield text
            yield f"{usual} {text}" if isinstance(usual, str) else f"say {text} now"
            yield f"{text} {usual}" if isinstance(usual, str) else f"{text} now"
            yield f"{usual}{text}"
        yield from ("x" * (n + 1) for n in known.numbers if 0 < n < _LONGEST_LENGTH)
        yield from ("word " * n for n in known.numbers if 1 < n < _LONGEST_LENGTH // 5)
        yield from map(str, known.numbers)
    if {"integer", "number", "any"} & set(kinds):
        yield from (value for n in known.numbers for value in (n, n + 1, n - 1))
        yield from ((a + b) // 2 for a, b in pairwise(sorted(known.numbers)))
    if {"number", "any"} & set(kinds):
        yield from known.fractions
    if "array" in kinds:
        yield from ([text] for text in known.texts)
    if "object" in kinds:
        yield from ({text: text} for text in known.texts)
        yield from ({a: b} for a, b in product(known.texts[:6], repeat=2))
        yield from ({text: True} for text in known.texts[:10])


def _pairs(
    base: Mapping[str, Any], free: Mapping[str, Mapping[str, Any]], known: Constants
) -> Iterator[dict[str, Any]]:
    """What the code knows for two inputs at once."""
    values = {n: list(s.get("enum") or _known(s, known))[:8] for n, s in free.items()}
    names = list(free)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            for a, b in list(product(values[one], values[other]))[:_PAIRS]:
                yield {**base, one: a, other: b}


def _known(schema: Mapping[str, Any], known: Constants) -> list[Any]:
    kinds = set(_kinds(schema))
    texts = list(known.texts) if kinds & {"string", "any"} else []
    numbers = list(known.numbers) if kinds & {"integer", "number", "any"} else []
    return [*texts, *numbers, *([True, False] if "boolean" in kinds else [])]
