"""Calls nobody wrote down: arguments made from the inputs' schema, the same ones every time.

A generated call may fail as it likes; what it may not do is reach beyond its grant, hang or give a secret away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from random import Random
from threading import Lock
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.internal.conjecture import providers

from toolreg.contract import ToolSource, spec_of
from toolreg.contract.grants import grant
from toolreg.effects import Effect
from toolreg.harness import media
from toolreg.harness.cases import CallCase, Granted

SEED = 20_261_122
COUNT = 12
_patching = Lock()
_FEW = settings(
    max_examples=2,
    database=None,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
EDGES: Mapping[str, tuple[Any, ...]] = {
    "string": ("", " ", "a\x00b", "x" * 300, "';--", "é漢\U0001f600"),
    "integer": (0, -1, 2**31, 10**18),
    "number": (0.0, -1.5, 1e308, 5e-324),
    "boolean": (True, False),
    "array": ([],),
    "object": ({}, {"": None}),
    "null": (None,),
    "any": ("", 0, None, [], {}),
}


def generated_cases(
    tool: ToolSource, declared: tuple[Effect, ...], known: Sequence[Mapping[str, object]] = ()
) -> list[CallCase]:
    """Calls of a tool with made-up arguments, mixed with those of its examples (`known`). Deterministic."""
    inputs = spec_of(tool).inputs
    if not inputs:
        return []
    named = {name for effect in declared for name in effect.parameters}
    made = _distinct([*_edges(inputs, known), *_random(inputs, known)])
    calls = [call for call in made if not any(map(_unclear, _of(call, named)))]
    return [
        CallCase(
            f"generated call {number} (seed {SEED})", arguments, Granted(grant(tool, arguments, declared))
        )
        for number, arguments in enumerate(calls[:COUNT], 1)
    ]


def _of(call: Mapping[str, Any], names: Iterable[str]) -> list[Any]:
    return [call.get(name) for name in names]


def _unclear(value: Any) -> bool:
    """A target that what is seen cannot be held against: empty, with a null, or a path of this machine.

    No check sees a file of the machine, and a link of its system would show under another name.
    """
    if isinstance(value, (list, tuple)):
        return any(map(_unclear, value))
    return isinstance(value, str) and (not value or "\0" in value or value.startswith(("/", "~")))


def values_for(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """A strategy for one input: {"type": …, "enum"?: […], "items"?: …, "nullable"?: True}."""
    if schema.get("enum"):
        return st.sampled_from(list(schema["enum"]))
    kinds = schema.get("type", "any")
    options = [_of_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return st.one_of(*options, *([st.none()] if schema.get("nullable") else []))


def _of_kind(kind: str, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    match kind:
        case "string":
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
        case "integer":
            return st.integers(-(2**53), 2**53)
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case "array":
            items = schema.get("items")
            return st.lists(values_for(items) if isinstance(items, Mapping) else _plain(), max_size=5)
        case "object":
            return st.dictionaries(st.text(max_size=10), _plain(), max_size=4)
        case "null":
            return st.none()
        case "image" | "audio":
            return st.sampled_from(_media(kind))
    return _plain()


def _plain() -> st.SearchStrategy[Any]:
    return st.one_of(st.text(max_size=20), st.integers(-1000, 1000), st.booleans(), st.none())


def edge_values(schema: Mapping[str, Any]) -> list[Any]:
    """Every value of an enum, and every edge of a type: items and null included."""
    kinds = schema.get("type", "any")
    edges = list(schema.get("enum") or ())
    for kind in () if edges else [kinds] if isinstance(kinds, str) else kinds:
        edges += _media(kind) if kind in media.KINDS else EDGES.get(kind, ())
        items = schema.get("items")
        if kind == "array":
            inner = edge_values(items) if isinstance(items, Mapping) else ["", 0]
            edges += [[each] for each in inner] + [inner * 3]
    return [*edges, *([None] if schema.get("nullable") else [])]


@cache
def _media(kind: str) -> list[Any]:
    return media.sample_images() if kind == "image" else media.sample_sounds()


def _edges(
    inputs: Mapping[str, Mapping[str, Any]], known: Sequence[Mapping[str, object]]
) -> list[dict[str, Any]]:
    """One argument at its edge, the others as in the first example; a part of all: the stages try every one."""
    base = dict(known[0]) if known else {name: _usual(schema) for name, schema in inputs.items()}
    edges = [{**base, name: edge} for name, schema in inputs.items() for edge in edge_values(schema)]
    step = max(1, len(edges) // (COUNT // 2))
    return edges[::step]


def _usual(schema: Mapping[str, Any]) -> Any:
    edges = edge_values(schema)
    return edges[0] if edges else None


def _random(
    inputs: Mapping[str, Mapping[str, Any]], known: Sequence[Mapping[str, object]]
) -> list[dict[str, Any]]:
    """Drawn values of every input, mixed with those of the examples: the first call has each input's first, and so on."""
    chance = Random(SEED)
    drawn = {name: _drawn(_key(schema)) for name, schema in inputs.items()}
    made: list[dict[str, Any]] = []
    for number in range(COUNT):
        call = {}
        for name in inputs:
            seen = [each[name] for each in known if name in each]
            call[name] = chance.choice(seen) if seen and chance.random() < 0.5 else drawn[name][number]
        made.append(call)
    return made


def _key(schema: Mapping[str, Any]) -> str:
    """All of a schema that its values depend on: inputs of many tools are alike, and drawing takes time."""
    kept = {word: schema[word] for word in ("type", "enum", "items", "nullable") if word in schema}
    return json.dumps(kept, sort_keys=True, default=str)


@lru_cache(maxsize=1024)
def _drawn(key: str) -> tuple[Any, ...]:
    """As many values of a schema as there are calls, the same ones every time."""
    made: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=COUNT,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(values_for(json.loads(key)))
    def collect(value: Any) -> None:
        made.append(value)

    with _no_local_constants():
        collect()
    return tuple(made[number % len(made)] for number in range(COUNT))


@contextmanager
def _no_local_constants() -> Iterator[None]:
    """Without the constants that hypothesis finds in whatever modules are loaded: they are not the same every time."""
    module: Any = providers
    names = ("_get_local_constants", "CONSTANTS_CACHE", "Constants")
    if not all(hasattr(module, name) for name in names):
        yield  # a version that looks for none
        return
    with _patching:
        kept = {name: getattr(module, name) for name in names[:2]}
        module._get_local_constants, module.CONSTANTS_CACHE = (
            module.Constants,
            type(module.CONSTANTS_CACHE)(1024),
        )
        try:
            yield
        finally:
            for name, value in kept.items():
                setattr(module, name, value)


def matching(patterns: Sequence[str]) -> list[str]:
    """Texts that match these regular expressions, the same every time; none for one that is no expression."""
    return [text for pattern in patterns for text in _matching(pattern)]


@lru_cache(maxsize=256)
def _matching(pattern: str) -> tuple[str, ...]:
    made: list[str] = []

    def keep(text: str) -> None:
        made.append(text)

    try:
        strategy = st.from_regex(re.compile(pattern))
        with _no_local_constants():
            seed(SEED)(settings(_FEW)(given(strategy)(keep)))()
    except (re.error, InvalidArgument, RecursionError, OverflowError):
        return ()
    return tuple(text for text in made if len(text) < 2000)


def _distinct(calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({repr(call): call for call in calls}.values())
