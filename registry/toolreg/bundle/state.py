"""State that a file makes once and its functions keep from call to call: told whole in each call, it would be new each time."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from toolreg.bundle.names import Function
from toolreg.bundle.units import DEFINITIONS, root_name, written_inside

# What goes on from where it stood, each time that it is asked.
_STREAMS = frozenset({"iter", "map", "filter", "zip", "enumerate", "reversed", "open", "count", "cycle", "islice", "chain"})  # fmt: skip
# What is another thing each time that it is made.
_ONCE = frozenset({"Random", "default_rng", "RandomState", "time", "time_ns", "monotonic", "perf_counter", "now", "utcnow",
                   "today", "uuid1", "uuid4", "random", "randint", "choice", "token_hex", "token_bytes", "token_urlsafe",
                   "urandom", "getpid", "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Queue", "SimpleQueue",
                   "LifoQueue", "local", "ContextVar", "TemporaryDirectory", "NamedTemporaryFile", "mkdtemp"})  # fmt: skip
_MAKING = frozenset(
    {"__init__", "__post_init__", "__new__", "__set_name__", "__init_subclass__", "__setattr__", "__set__"}
)


def kept(statements: Iterable[ast.stmt]) -> str:
    """The name of a thing that keeps state between calls, or ""."""
    return next(_kept(list(statements)), "")


def _kept(statements: list[ast.stmt]) -> Iterator[str]:
    classes = {s.name: s for s in statements if isinstance(s, ast.ClassDef)}
    streams = {s.name for s in statements if isinstance(s, Function) and _yields(s)}
    changing = {name for name, node in classes.items() if any(_changes_itself(node))}
    written = {name for s in statements for place in _written_places(s) if (name := _holder(place))}
    for statement in statements:
        if isinstance(statement, DEFINITIONS):
            shared = isinstance(statement, ast.ClassDef) and any(_changes_class(statement))
            if statement.name in written or shared:
                yield statement.name
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            calls = [n for n in ast.walk(statement.value) if isinstance(n, ast.Call)]
            if any(_called(c) in _ONCE | changing for c in calls) or _is_stream(statement.value, streams):
                yield _target(statement)


def _is_stream(value: ast.expr, streams: set[str]) -> bool:
    """A value that is used up, itself or in a list of such."""
    if isinstance(value, ast.Call):
        plain = isinstance(value.func, ast.Name) or root_name(value.func) == "itertools"
        return plain and _called(value) in _STREAMS | streams
    inner = [
        *getattr(value, "elts", ()),
        *(v for v in getattr(value, "values", ()) if isinstance(v, ast.expr)),
    ]
    return isinstance(value, ast.GeneratorExp) or any(_is_stream(v, streams) for v in inner)


def _holder(place: ast.expr) -> str:
    """The name that `name.x`, `name[k]` or `name.x.append` changes; what a call gives is nobody's."""
    while isinstance(place, (ast.Attribute, ast.Subscript)):
        place = place.value
    return place.id if isinstance(place, ast.Name) else ""


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _target(statement: ast.Assign | ast.AnnAssign) -> str:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    return ast.unparse(target)


def _yields(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(function))


def _methods(node: ast.ClassDef) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Each method, and the name that its object or class has in it."""
    for member in node.body:
        if isinstance(member, Function):
            first = [*member.args.posonlyargs, *member.args.args][:1]
            yield member, first[0].arg if first else ""


def _changes_itself(node: ast.ClassDef) -> Iterator[bool]:
    """Methods that change their object after it was made."""
    for method, me in _methods(node):
        if me and method.name not in _MAKING and me in written_inside(method):
            yield True


def _changes_class(node: ast.ClassDef) -> Iterator[bool]:
    """Methods that change what all objects of the class share."""
    shared = {
        target.id
        for member in node.body
        if isinstance(member, (ast.Assign, ast.AnnAssign)) and not isinstance(member.value, ast.Constant)
        for target in (member.targets if isinstance(member, ast.Assign) else [member.target])
        if isinstance(target, ast.Name) and member.value is not None
    }
    for method, me in _methods(node):
        for place in _written_places(method):
            holder = place.value if isinstance(place, (ast.Attribute, ast.Subscript)) else place
            if _is_class(holder, node.name, me if me == "cls" else "") or _shares(place, me, shared):
                yield True


def _written_places(method: ast.AST) -> Iterator[ast.expr]:
    """Targets of assignments below a name, and what a changing method is called on."""
    for node in ast.walk(method):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (t for t in targets if isinstance(t, (ast.Attribute, ast.Subscript)))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and any(written_inside(node)):
            yield node.value.func


def _is_class(node: ast.expr, name: str, cls: str) -> bool:
    """`Store`, `cls`, `type(self)`, `self.__class__`."""
    if isinstance(node, ast.Name):
        return node.id in {name, cls} - {""}
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "type"
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def _shares(place: ast.expr, me: str, shared: set[str]) -> bool:
    """`self.items.append(…)`, `self.items[k] = …`, where `items` is the class's own."""
    inner = place.value if isinstance(place, (ast.Attribute, ast.Subscript)) else place
    return isinstance(inner, ast.Attribute) and root_name(inner) == me and inner.attr in shared
