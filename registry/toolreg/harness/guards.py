"""What no trial can open: code that only one argument, user or machine reaches, known by its digest."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toolreg.contract import ToolSource

_DIGESTS = frozenset(("hexdigest", "digest", "crc32", "adler32", "crc_hqx"))
_WHO = frozenset(
    (
        "getuser",
        "gethostname",
        "node",
        "getnode",
        "getlogin",
        "environ",
        "getenv",
        "uname",
        "getuid",
        "getpwuid",
    )
)
_SHORTEST = 3


def guarded(tool: ToolSource) -> Iterator[tuple[int, str]]:
    """(line, what) for every comparison of a digest of an argument, or of who calls, with one that the code holds.

    A checksum of what was fetched or read is no guard: it says nothing of who calls, or with what.
    """
    if tool.call is None:
        return
    tainted = {p.arg for p in tool.parameters}
    for function in (n for n in ast.walk(tool.module.tree) if isinstance(n, ast.FunctionDef)):
        names = tainted if function is tool.call else {a.arg for a in function.args.args}
        yield from _in_function(function, names)


def _in_function(function: ast.FunctionDef, names: set[str]) -> Iterator[tuple[int, str]]:
    digests: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_digest(node.value, names):
            digests |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKS:
            sides = [node.func.value, *node.args]
        else:
            continue
        if any(map(_is_known, sides)) and any(_is_digest(s, names) or _reads(s, digests) for s in sides):
            yield (
                node.lineno,
                "what it does for one digest of an argument, a user or a machine cannot be tried",
            )


_ASKS = frozenset(("startswith", "endswith", "compare_digest"))


def _is_digest(node: ast.expr, names: set[str]) -> bool:
    """True for a digest, or a part of one, of something that a caller gives or that says who calls."""
    called = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    made = any(getattr(c.func, "attr", getattr(c.func, "id", "")) in _DIGESTS for c in called)
    who = any(getattr(n, "attr", getattr(n, "id", "")) in _WHO for n in ast.walk(node))
    return made and (who or _reads(node, names))


def _reads(node: ast.expr, names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))


def _is_known(node: ast.expr) -> bool:
    """True for a text or bytes of three characters and more that the code holds, or for several."""
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(map(_is_known, node.elts))
    value = node.value if isinstance(node, ast.Constant) else None
    return (isinstance(value, str | bytes) and len(value) >= _SHORTEST) or (
        type(value) is int and value > 4096
    )
