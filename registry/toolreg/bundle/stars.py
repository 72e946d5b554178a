"""`from module import *`: which file a name comes from that no statement of its own file binds."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from toolreg.bundle.units import Source

if TYPE_CHECKING:
    from toolreg.bundle.reach import Reach


def from_star(reach: Reach, source: Source, name: str, line: int) -> bool:
    """Follow a name into the star imports of a file, the last one first; False if it can be of none."""
    stars = source.star_imports()
    for unit in reversed(stars):
        own = reach.own(source, unit.node, unit.node.names[0])  # type: ignore[attr-defined]
        if own is not None and exports(reach, own[0], name, frozenset({source})):
            reach.links[source, name] = (own[0], name)
            reach.enter(own[0], name, line)
            return True
    foreign = [u for u in stars if not _is_own(reach, source, u.node)]
    for unit in foreign:
        reach.units.setdefault(source, {}).setdefault(unit, set()).add("*")
    if foreign:
        return True
    # One of the author's files that itself takes everything of another library.
    for unit in reversed(stars) if not hasattr(builtins, name) else ():
        own = reach.own(source, unit.node, unit.node.names[0])  # type: ignore[attr-defined]
        if own is not None and _takes_all(reach, own[0], frozenset({source})):
            reach.links[source, name] = (own[0], name)
            reach.enter(own[0], name, line)
            return True
    return False


def exports(reach: Reach, source: Source, name: str, seen: frozenset[Source]) -> bool:
    """True if `import *` of one of the author's files binds a name."""
    listed = _listed(source)
    if listed is not None:
        return name in listed
    if name.startswith("_"):
        return False
    if name in source.by_name:
        return True
    below = [_own(reach, source, u.node) for u in source.star_imports()]
    return any(b is not None and b not in seen and exports(reach, b, name, seen | {source}) for b in below)


def _listed(source: Source) -> list[str] | None:
    """`__all__`, where it is one literal."""
    units = source.by_name.get("__all__", ())
    if len(units) != 1 or any("__all__" in u.changes for u in source.units):
        return None
    try:
        value = ast.literal_eval(getattr(units[0].node, "value", ast.Name("_")))
    except (ValueError, TypeError):
        return None
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else None


def _takes_all(reach: Reach, source: Source, seen: frozenset[Source]) -> bool:
    return any(
        (own := _own(reach, source, u.node)) is None
        or (own not in seen and _takes_all(reach, own, seen | {source}))
        for u in source.star_imports()
    )


def _own(reach: Reach, source: Source, node: ast.stmt) -> Source | None:
    found = reach.own(source, node, node.names[0])  # type: ignore[attr-defined]
    return found[0] if found is not None else None


def _is_own(reach: Reach, source: Source, node: ast.stmt) -> bool:
    return _own(reach, source, node) is not None
