"""The cases of a tool: its docstring's examples, each with exactly the effects that its calls are granted."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from toolreg.contract import Example, ToolSource
from toolreg.contract.grants import grant
from toolreg.effects import Effect


@dataclass(frozen=True, slots=True)
class Granted:
    """What one run may do: the declared effects, bound to the arguments of its calls, which are literals."""

    effects: tuple[Effect, ...]
    problems: tuple[str, ...] = ()
    calls: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """All examples of one docstring, which share their names as in a doctest."""

    line: int
    examples: tuple[Example, ...]
    granted: Granted

    @property
    def title(self) -> str:
        return f"examples at line {self.line}"


@dataclass(frozen=True, slots=True)
class CallCase:
    """One call with generated arguments."""

    title: str
    arguments: Mapping[str, object]
    granted: Granted


Case = ExampleCase | CallCase


def example_case(
    tool: ToolSource, examples: tuple[Example, ...], declared: tuple[Effect, ...]
) -> ExampleCase | None:
    """The case made of a tool's examples; None where every one of them is skipped or there are none."""
    kept = tuple(e for e in examples if "SKIP" not in e.options)
    if not kept:
        return None
    return ExampleCase(kept[0].line, kept, _granted_to_examples(tool, kept, declared))


def _granted_to_examples(
    tool: ToolSource, examples: tuple[Example, ...], declared: tuple[Effect, ...]
) -> Granted:
    needed = {name for effect in declared for name in effect.parameters}
    known: dict[str, object] = {}
    effects: set[Effect] = {e for e in declared if not e.parameters}
    problems: list[str] = []
    calls: list[Mapping[str, object]] = []
    for example in examples:
        for call in _calls(example.source, tool.name, known):
            arguments, unknown = _arguments(tool, call, known)
            calls += [] if unknown else [arguments]
            effects |= set(grant(tool, {**arguments, **dict.fromkeys(unknown)}, declared))
            problems += [
                f"line {example.line}: the argument '{name}' of the example is no literal, so nothing is granted for it"
                for name in sorted(unknown & needed)
            ]
    return Granted(tuple(sorted(effects)), tuple(problems), tuple(calls))


def _calls(source: str, name: str, known: dict[str, object]) -> list[ast.Call]:
    """The calls of the tool in one example; literal assignments are remembered in `known`."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found, value = _literal(node.value, known)
            if found:
                known[node.targets[0].id] = value
    return [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name
    ]


def _arguments(
    tool: ToolSource, call: ast.Call, known: dict[str, object]
) -> tuple[dict[str, object], set[str]]:
    names = [p.arg for p in tool.parameters]
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    values, unknown = {}, set()
    for name, node in given.items():
        found, value = _literal(node, known)
        if found:
            values[name] = value
        else:
            unknown.add(name)
    return values, unknown


def _literal(node: ast.expr, known: Mapping[str, object]) -> tuple[bool, object]:
    if isinstance(node, ast.Name):
        return node.id in known, known.get(node.id)
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None
