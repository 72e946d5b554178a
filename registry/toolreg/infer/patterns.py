"""What a `case` binds and looks at."""

from __future__ import annotations

import ast

from toolreg.infer.attrs import attribute
from toolreg.infer.classes import class_attribute
from toolreg.infer.items import element
from toolreg.infer.machine import Machine
from toolreg.infer.scope import Scope
from toolreg.infer.values import DATA, Const, Items, Obj, Value, join


def bind_pattern(m: Machine, part: ast.AST, subject: Value, scope: Scope) -> None:
    """The names of one part of a `case`, and the attributes that it looks at."""
    if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
        scope.set(part.name, join(subject, element(m, subject)) if subject else DATA)
    elif isinstance(part, ast.MatchClass):
        for name in [*part.kwd_attrs, *(_match_args(m, subject) if part.patterns else ())]:
            attribute(m, subject, name, part)
    elif isinstance(part, ast.MatchMapping) and part.rest:
        scope.set(part.rest, DATA)


def _match_args(m: Machine, subject: Value) -> list[str]:
    """The attributes that positional patterns look at."""
    listed = [class_attribute(m, a.cls, "__match_args__") for a in subject if isinstance(a, Obj)]
    items = [a for value in listed if value for a in value if isinstance(a, Items)]
    known = [a.value for one in items for a in one.contents() if isinstance(a, Const)]
    return [name for name in known if isinstance(name, str)]


def match_(m: Machine, node: ast.Match, scope: Scope) -> bool:
    """Every case may be the one."""
    subject = m.eval(node.subject, scope)
    branches: list[dict[str, Value]] = []
    total = False
    for case in node.cases:
        outer = scope.begin()
        for part in ast.walk(case.pattern):
            bind_pattern(m, part, subject, scope)
        if case.guard is not None:
            m.eval(case.guard, scope)
        reached = m.run(case.body, scope)
        changed = scope.end(outer)
        if reached:
            branches.append(changed)
        total = total or (
            isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
        )
    if not total:
        branches.append({})
    scope.merge(branches)
    return bool(branches)
