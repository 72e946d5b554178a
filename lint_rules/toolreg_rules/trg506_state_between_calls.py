import ast
from collections.abc import Iterator

from toolreg.contract.source import Function, ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg.lint.walk import functions, ids, nodes
from toolreg_rules._local import bound_here
from toolreg_rules._signature import head_of
from toolreg_rules._values import top_level


@rule(
    "TRG506",
    "state-between-calls",
    Severity.WARNING,
    bad=[
        function_tool("global seen\nseen = text\nreturn text.splitlines()[0]", head="seen = ''"),
        class_tool("self.count += 1\nreturn text", more="count = 0"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
    ],
    needs=[ast.Global, ast.AugAssign, ast.Assign, ast.Subscript, ast.Call],
)
def state_between_calls(tool: ToolSource) -> Iterator[Hit]:
    """The tool remembers something between calls.

    Each call of a published tool may run in a fresh process: the memory is gone, or it leaks from one task into
    another. Take what is needed as a parameter, and give back what changed.
    """
    for statement in nodes(tool, ast.Global):
        yield (
            statement,
            f"changes the module's {', '.join(statement.names)}, which the next call may not find",
        )
    for node, what in _kept(tool):
        yield node, f"keeps something in {what}, which the next call may not find"


_MAKERS = frozenset({"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque", "bytearray"})
_CHANGING = frozenset(
    {
        "append", "appendleft", "add", "extend", "insert", "update", "setdefault", "pop", "popleft", "popitem", "clear", "remove", "discard",
    }
)  # fmt: skip


def _kept(tool: ToolSource) -> Iterator[tuple[ast.AST, str]]:
    """Each place that changes what outlives the call, and what that is."""
    changes = list(_changes(tool))
    if not changes:
        return
    outer = _outer(tool)
    own = {"self", tool.node.name} if tool.form == "class" else {tool.node.name}
    making = [(m.lineno, m.end_lineno or 0) for m in _making(tool)]
    for node, target in changes:
        if any(first <= getattr(node, "lineno", 0) <= last for first, last in making):
            continue
        name = target.id if isinstance(target, ast.Name) else ast.unparse(target)
        kept = name in outer and not isinstance(node, ast.Assign)
        grown = isinstance(node, ast.AugAssign | ast.Assign) and _is_own(target, own) and _counts(node, name)
        if kept or grown:
            yield node, name


def _changes(tool: ToolSource) -> Iterator[tuple[ast.AST, ast.expr]]:
    """(where, what is changed): `x += 1`, `x = x + 1`, `x[k] = v`, `del x[k]`, `x.append(v)`."""
    for grown in nodes(tool, ast.AugAssign):
        yield grown, grown.target.value if isinstance(grown.target, ast.Subscript) else grown.target
    for node in nodes(tool, ast.Assign):
        yield from ((node, t) for t in node.targets if isinstance(t, ast.Attribute))
    for item in nodes(tool, ast.Subscript):
        if not isinstance(item.ctx, ast.Load):
            yield item, item.value
    for call in nodes(tool, ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING:
            yield call, call.func.value


def _counts(node: ast.AugAssign | ast.Assign, name: str) -> bool:
    """The new value is made from the old one; making it once, when it is missing, is no memory."""
    if isinstance(node, ast.AugAssign) or isinstance(node.value, ast.BoolOp | ast.IfExp):
        return isinstance(node, ast.AugAssign)
    return any(isinstance(n, ast.Attribute) and ast.unparse(n) == name for n in ast.walk(node.value))


def _is_own(target: ast.expr, own: set[str]) -> bool:
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in own


def _outer(tool: ToolSource) -> set[str]:
    """Lists, dicts and sets that outlive a call: of the file, of the class, of the instance."""
    known = top_level(tool.module)
    found = {name for name in known.keys() & ids(tool) - bound_here(tool) if _is_container(known[name])}
    if isinstance(tool.node, ast.ClassDef):
        kept = [
            t.id for m in tool.node.body for t, v in _bound(m) if isinstance(t, ast.Name) and _is_container(v)
        ]
        found |= {f"{owner}.{name}" for name in kept for owner in ("self", tool.node.name)}
        made = (pair for m in _making(tool) for n in ast.walk(m) for pair in _bound(n))
        found |= {ast.unparse(t) for t, v in made if isinstance(t, ast.Attribute) and _is_container(v)}
    return found


def _making(tool: ToolSource) -> list[Function]:
    """What runs once for each instance, of the class and of those around and above it."""
    return [f for f in functions(tool) if f.name in _ONCE] if tool.form == "class" else []


_ONCE = ("__init__", "__post_init__", "__new__", "setup")


def _bound(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    return [(node.target, node.value)] if isinstance(node, ast.AnnAssign) and node.value is not None else []


def _is_container(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return head_of(node.func) in _MAKERS
    return isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)
