import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._signature import default_of, head_of


@rule(
    "TRG115",
    "mutable-default",
    Severity.WARNING,
    bad=[
        function_tool("return str(texts)", signature="texts: list = []"),
    ],
    good=[
        function_tool("return str(texts or [])", signature="texts: list | None = None"),
    ],
)
def mutable_default(tool: ToolSource) -> Iterator[Hit]:
    """A list, dict or set as a default.

    It is made once and shared by all calls: what one call adds, the next one finds. Take None and make it inside.
    """
    for name, default in default_of(tool).items():
        if isinstance(default, _DISPLAYS) or _is_made(default):
            yield default, f"the default of '{name}' is shared by all calls; take None and make it inside"


_DISPLAYS = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
_MAKERS = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "OrderedDict", "Counter", "deque"})


def _is_made(node: ast.expr) -> bool:
    """`list()`, `collections.defaultdict(int)`: made once as well."""
    return isinstance(node, ast.Call) and head_of(node.func) in _MAKERS
