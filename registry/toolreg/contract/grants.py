"""What one call is granted: the declared effects, bound to its arguments and to the defaults of the others."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from toolreg.contract.source import ToolSource
from toolreg.effects import Effect


def grant(
    tool: ToolSource, arguments: Mapping[str, object], declared: tuple[Effect, ...]
) -> tuple[Effect, ...]:
    """The declared effects as one call with these arguments has them; defaults count as given."""
    every = {**_defaults(tool), **arguments}
    return tuple(sorted({bound for effect in declared for bound in effect.bind(every)}))


def _defaults(tool: ToolSource) -> dict[str, object]:
    if tool.call is None:
        return {}
    a = tool.call.args
    plain = [*a.posonlyargs, *a.args]
    pairs = list(zip(plain[len(plain) - len(a.defaults) :], a.defaults, strict=True))
    pairs += [(p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None]
    literals = ((parameter.arg, _literal(default)) for parameter, default in pairs)
    return {name: value for name, (found, value) in literals if found}


def _literal(node: ast.expr) -> tuple[bool, object]:
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None
