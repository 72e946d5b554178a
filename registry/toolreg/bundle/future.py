"""Whether tool.py needs `from __future__ import annotations`, and whether it may have it.

A class with annotated fields (dataclass, pydantic, TypedDict) looks its strings up in `sys.modules`, where a
tool loaded from text is not; so the future import goes where every annotation can be evaluated at once.
"""

from __future__ import annotations

import ast

from toolreg.bundle.names import references
from toolreg.bundle.reach import Reach
from toolreg.bundle.units import Source, Unit


def needs_future(reach: Reach) -> bool:
    """True if tool.py is to begin with the future import."""
    if not any(source.future for source in reach.order):
        return False
    return not _has_fields(reach) or not _evaluates(reach)


def _has_fields(reach: Reach) -> bool:
    return any(
        isinstance(unit.node, ast.ClassDef) and any(isinstance(n, ast.AnnAssign) for n in unit.node.body)
        for source in reach.order
        for unit in reach.units[source]
    )


def _evaluates(reach: Reach) -> bool:
    """True if every annotation names only what is bound above it."""
    bound: dict[Source, set[str]] = {}
    for source in reach.order:
        names = bound.setdefault(source, {n for s, n in (*reach.links, *reach.spaces) if s is source})
        for unit in sorted(reach.units[source], key=lambda u: u.order):
            if not all(r.name in names or r.name not in source.by_name for r in _at_once(source, unit)):
                return False
            names |= unit.binds
    return True


def _at_once(source: Source, unit: Unit) -> list:  # type: ignore[type-arg]
    if not source.future:
        return []
    return [r for r in references(unit.node, future=False) if not r.deferred and not r.stores]
