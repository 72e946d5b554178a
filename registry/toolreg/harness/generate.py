"""Calls nobody wrote down: arguments made from the inputs' schema, the same ones every time.

A generated call may fail as it likes; what it may not do is reach beyond its grant, hang or give a secret away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from toolreg.contract import ToolSource, spec_of
from toolreg.contract.grants import grant
from toolreg.effects import Effect
from toolreg.harness.cases import CallCase, Granted

SEED = 20_261_122
COUNT = 12
EDGES: Mapping[str, tuple[Any, ...]] = {
    "string": ("", " ", "a\x00b", "x" * 300, "';--", "é漢\U0001f600"),
    "integer": (0, -1, 2**31, 10**18),
    "number": (0.0, -1.5, 1e308, 5e-324),
    "boolean": (True, False),
    "array": ([],),
    "object": ({},),
    "null": (None,),
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
    """A target that names nothing, so that what is seen of it cannot be held against the tool: empty, or with a null."""
    if isinstance(value, (list, tuple)):
        return any(map(_unclear, value))
    return isinstance(value, str) and (not value or "\0" in value)


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
    return _plain()


def _plain() -> st.SearchStrategy[Any]:
    return st.one_of(st.text(max_size=20), st.integers(-1000, 1000), st.booleans(), st.none())


def _edges(
    inputs: Mapping[str, Mapping[str, Any]], known: Sequence[Mapping[str, object]]
) -> list[dict[str, Any]]:
    """One argument at its edge, the others as in the first example."""
    base = dict(known[0]) if known else {name: _usual(schema) for name, schema in inputs.items()}
    edges = [
        {**base, name: edge}
        for name, schema in inputs.items()
        if not schema.get("enum")
        for edge in EDGES.get(schema.get("type", "") if isinstance(schema.get("type"), str) else "", ())
    ]
    step = max(1, len(edges) // (COUNT // 2))
    return edges[::step]


def _usual(schema: Mapping[str, Any]) -> Any:
    kinds = schema.get("type", "any")
    edges = EDGES.get(kinds if isinstance(kinds, str) else kinds[0])
    return schema["enum"][0] if schema.get("enum") else edges[0] if edges else None


def _random(
    inputs: Mapping[str, Mapping[str, Any]], known: Sequence[Mapping[str, object]]
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    options = {
        name: st.one_of(
            *([st.sampled_from(seen)] if (seen := [k[name] for k in known if name in k]) else []),
            values_for(schema),
        )
        for name, schema in inputs.items()
    }

    @seed(SEED)
    @settings(
        max_examples=COUNT,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.fixed_dictionaries(options))
    def collect(arguments: dict[str, Any]) -> None:
        made.append(arguments)

    collect()
    return made


def _distinct(calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({repr(call): call for call in calls}.values())
