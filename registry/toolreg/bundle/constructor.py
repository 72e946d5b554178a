"""Constructor state: a published tool is built with the arguments its author built it with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from toolreg.bundle.arguments import is_secret, known, text_of
from toolreg.bundle.names import arguments_of
from toolreg.bundle.text import Edit
from toolreg.bundle.units import Source
from toolreg.contract import ToolSource
from toolreg.contract.source import Function

Reasons = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Construction:
    """How the class is built: edits to its own text, and text to add at the end of its body.

    needs: constructor parameters that whoever loads the tool has to give.
    """

    edits: tuple[Edit, ...] = ()
    tail: str = ""
    needs: tuple[str, ...] = ()
    reasons: tuple[tuple[int, str], ...] = ()
    notes: tuple[tuple[int, str], ...] = ()


@dataclass(eq=False)
class _Plan:
    tool: ToolSource
    source: Source
    init: Function | None = None
    reasons: Reasons = field(default_factory=list)
    notes: Reasons = field(default_factory=list)


def construction(tool: ToolSource, source: Source, found: Function | None) -> Construction:
    """Give the class a constructor that smolagents can call with its own keywords, and the author's arguments.

    found: the constructor that the class has, its own or of a base in any of the author's files.
    """
    plan = _Plan(tool, source, found)
    call = _author_call(plan)
    init = next(
        (n for n in getattr(tool.node, "body", []) if isinstance(n, Function) and n.name == "__init__"), None
    )
    if plan.reasons:
        return Construction(reasons=tuple(plan.reasons))
    if init is None:
        made = _inherited(plan, found, call)
    else:
        edits = _signature_edits(plan, init, _bound_arguments(plan, init, call))
        made = Construction(
            tuple(edits), _late_inputs(tool, init), () if call is not None else tuple(_required(init))
        )
    return replace(made, reasons=tuple(plan.reasons), notes=tuple(plan.notes))


def _late_inputs(tool: ToolSource, init: Function) -> str:
    """smolagents looks for `inputs` on the class before it calls the constructor that sets them."""
    sets = any(
        isinstance(n, ast.Attribute) and n.attr == "inputs" and isinstance(n.ctx, ast.Store)
        for n in ast.walk(init)
    )
    return (
        "\n    inputs = {}  # the constructor sets them\n"
        if sets and tool.attribute("inputs") is None
        else ""
    )


def _author_call(plan: _Plan) -> ast.Call | None:
    """The call that builds the tool in the author's file; None where there is none.

    A call inside a function with arguments of that function is a factory's: it says nothing of one instance.
    """
    calls = list(_calls(plan))
    open_ones = [c for c, inside in calls if inside and not _is_literal(plan, c)]
    plan.notes += [
        (
            c.lineno,
            "built here with arguments that are known only when it runs; published with its own defaults",
        )
        for c in open_ones
    ]
    calls = [(c, inside) for c, inside in calls if c not in open_ones]
    ways = {ast.dump(_arguments_tuple(c)): c for c, _ in calls}
    if len(ways) > 1:
        lines = ", ".join(str(c.lineno) for c, _ in calls)
        plan.reasons.append(
            (
                calls[0][0].lineno,
                f"{plan.tool.node.name} is built in different ways (lines {lines}); which one is to be published?",
            )
        )
        return None
    call = next(iter(ways.values()), None)
    if call is not None:
        _check_arguments(plan, call)
    return call


def _calls(plan: _Plan) -> Iterator[tuple[ast.Call, bool]]:
    """Every call of the class outside of itself, and whether it stands in a function."""
    stack: list[tuple[ast.AST, bool]] = [(plan.source.module.tree, False)]
    while stack:
        node, inside = stack.pop()
        if node is plan.tool.node:
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == plan.tool.node.name
        ):
            yield node, inside
        deeper = inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        stack += [(child, deeper) for child in reversed(list(ast.iter_child_nodes(node)))]


def _arguments_tuple(call: ast.Call) -> ast.Tuple:
    words = sorted(call.keywords, key=lambda k: k.arg or "")
    parts: list[ast.expr] = [*call.args, *(k.value for k in words), *(ast.Constant(k.arg) for k in words)]
    return ast.Tuple(parts, ast.Load())


def _is_literal(plan: _Plan, call: ast.Call) -> bool:
    return known(plan.source, _arguments_tuple(call)) is not None and all(k.arg for k in call.keywords)


def _check_arguments(plan: _Plan, call: ast.Call) -> None:
    names = _positional(plan.init)
    named = [(names[i] if i < len(names) else "", a) for i, a in enumerate(call.args)]
    for name, value in named + [(k.arg or "**", k.value) for k in call.keywords]:
        shown = f"argument '{name}'" if name else f"argument {ast.unparse(value)[:40]}"
        literal = known(plan.source, value)
        if literal is None:
            fault = "is no literal, so the published tool could not be built alike"
        elif is_secret(name, ast.literal_eval(literal)):
            fault = "looks like a secret; read it from an environment variable in the tool"
        else:
            continue
        plan.reasons.append((value.lineno, f"constructor {shown} {fault}"))


def _positional(init: Function | None) -> list[str]:
    """Names of the parameters that may be given by place, `self` left out."""
    return [] if init is None else [a.arg for a in [*init.args.posonlyargs, *init.args.args][1:]]


def _bound_arguments(plan: _Plan, init: Function, call: ast.Call | None) -> dict[str, ast.expr]:
    """Parameter → the author's argument."""
    if call is None:
        return {}
    positional = _positional(init)
    bound: dict[str, ast.expr] = {}
    for number, value in enumerate(call.args):
        if number >= len(positional) or isinstance(value, ast.Starred):
            plan.reasons.append(
                (value.lineno, "constructor arguments that go into *args cannot be published")
            )
            return {}
        bound[positional[number]] = value
    names = {a.arg for a in arguments_of(init.args)}
    for word in call.keywords:
        if word.arg is None or word.arg not in names:
            if init.args.kwarg is None or word.arg is None:
                plan.reasons.append(
                    (word.value.lineno, f"constructor takes no argument '{word.arg or '**'}'")
                )
            else:
                plan.reasons.append(
                    (
                        word.value.lineno,
                        f"constructor argument '{word.arg}' goes into **{init.args.kwarg.arg} and cannot be published",
                    )
                )
            continue
        bound[word.arg] = word.value
    return bound


def _signature_edits(plan: _Plan, init: Function, bound: dict[str, ast.expr]) -> list[Edit]:
    text = plan.source.text
    edits: list[Edit] = []
    defaults = _defaults(init)
    for argument in arguments_of(init.args)[1:]:
        default, value = defaults.get(argument.arg), bound.get(argument.arg)
        if value is None:
            continue
        written = text_of(plan.source, value)
        if default is not None:
            start, end = text.span(default)
            edits.append(Edit(start, end, written))
        else:
            end = text.span(argument)[1]
            edits.append(Edit(end, end, f" = {written}" if argument.annotation else f"={written}"))
    plain = [*init.args.posonlyargs, *init.args.args][1:]
    gap = False
    for argument in plain:
        has = argument.arg in bound or argument.arg in defaults
        if gap is False and has:
            gap = True
        elif gap and not has:
            plan.reasons.append(
                (
                    argument.lineno,
                    f"constructor argument '{argument.arg}' has to be given, but one before it is fixed",
                )
            )
    if init.args.kwarg is None:
        edits.append(_keywords_edit(plan, init, edits))
    return edits


def _keywords_edit(plan: _Plan, init: Function, edits: list[Edit]) -> Edit:
    """Room for the keywords that `load_tool` and `from_hub` pass on (model_repo_id, revision, …)."""
    text = plan.source.text
    ends = [text.span(a)[1] for a in arguments_of(init.args)] + [
        text.span(d)[1] for d in _defaults(init).values()
    ]
    at = max(ends)
    names = {a.arg for a in arguments_of(init.args)} | {
        n.id for n in ast.walk(init) if isinstance(n, ast.Name)
    }
    word = next(w for w in ("kwargs", "hub_kwargs", "_hub_kwargs", "_toolreg_kwargs") if w not in names)
    slash = re.match(r"\s*,\s*/", text.text[at:])
    if slash:
        at += slash.end()
    same = [e for e in edits if e.end == at]
    if same:  # one edit, so that both land in order
        edits.remove(same[0])
        return Edit(same[0].start, at, f"{same[0].text}, **{word}")
    return Edit(at, at, f", **{word}")


def _defaults(init: Function) -> dict[str, ast.expr]:
    plain = [*init.args.posonlyargs, *init.args.args]
    last = plain[len(plain) - len(init.args.defaults) :]
    words = zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)
    return {a.arg: d for a, d in zip(last, init.args.defaults, strict=True)} | {
        a.arg: d for a, d in words if d is not None
    }


def _required(init: Function) -> list[str]:
    defaults = _defaults(init)
    named = [*init.args.posonlyargs, *init.args.args][1:] + init.args.kwonlyargs
    return [a.arg for a in named if a.arg not in defaults]


def _inherited(plan: _Plan, inherited: Function | None, call: ast.Call | None) -> Construction:
    """A class without a constructor of its own: one is added where the author's arguments need it."""
    given = call is not None and bool(call.args or call.keywords)
    if not given and (inherited is None or inherited.args.kwarg is not None):
        return Construction()
    if inherited is None:
        return Construction()
    if not given and _required(inherited):
        return Construction(needs=tuple(_required(inherited)), tail="")
    parts = (
        []
        if call is None
        else [text_of(plan.source, a) for a in call.args]
        + [f"{k.arg}={text_of(plan.source, k.value)}" for k in call.keywords]
    )
    body = f"def __init__(self, **kwargs):\n        super().__init__({', '.join(parts)})\n"
    return Construction(tail=f"\n    {body}")


def construction_call(tool: ToolSource, given: Mapping[str, str]) -> str:
    """The expression that builds a tool as its author does: `ScaleTool(factor=7)`."""
    plan = _Plan(tool, Source(tool.module, "main", tool.node))
    call = _author_call(plan)
    if call is not None:
        return plan.source.text.segment(call)
    words = ", ".join(f"{name}={text or '_stand_in'}" for name, text in given.items())
    return f"{tool.node.name}({words})"
