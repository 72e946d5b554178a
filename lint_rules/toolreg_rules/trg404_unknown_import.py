import ast
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes


@rule(
    "TRG404",
    "unknown-import",
    Severity.INFO,
    bad=[
        function_tool("import acme_private_helpers\nreturn text[: acme_private_helpers.LIMIT]"),
    ],
    good=[
        function_tool("import requests\nreturn text.removesuffix(requests.__version__)"),
    ],
)
def unknown_import(module: Module) -> Iterator[Hit]:
    """An import that no known distribution provides.

    The published tool names its requirements; a name that is neither in the standard library, nor in a file beside
    it, nor known from the package index cannot be installed by anybody, or only by whoever takes that name next.
    """
    imports = [(node, alias.name) for node in nodes(module, ast.Import) for alias in node.names]
    origins = [
        (node, node.module) for node in nodes(module, ast.ImportFrom) if node.module and not node.level
    ]
    for node, dotted in (*imports, *origins):
        if not _is_known(dotted, module.path) and not _is_guarded(module, node):
            yield (
                node,
                f"'{dotted.split('.')[0]}' is neither installed here nor known; what is to be required?",
            )


def _is_guarded(module: Module, node: ast.AST) -> bool:
    """An import in `try`, or only for type checkers, may fail."""
    parents = module.walk.parents
    while (above := parents.get(node)) is not None:
        if isinstance(above, ast.Try) or (
            isinstance(above, ast.If) and "TYPE_CHECKING" in ast.unparse(above.test)
        ):
            return True
        node = above
    return False


def _is_known(dotted: str, path: str) -> bool:
    top = dotted.split(".")[0]
    return top in sys.stdlib_module_names or _is_provided(top, dotted) or _is_beside(top, path)


def _is_beside(top: str, path: str) -> bool:
    """A file or folder of that name beside the tool, or above it up to the project's root."""
    folder = os.path.dirname(os.path.abspath(path))
    for _ in range(4):
        if (
            os.path.isfile(os.path.join(folder, f"{top}.py"))
            or os.path.isdir(os.path.join(folder, top))
            or os.path.basename(folder) == top
        ):
            return True
        folder = os.path.dirname(folder)
    return False


@lru_cache(maxsize=1024)
def _is_provided(top: str, dotted: str) -> bool:
    try:
        if find_spec(top) is not None:
            return True
    except (ImportError, ValueError):
        return True
    from toolreg.bundle.requirements import distribution_of

    return distribution_of(dotted) is not None
