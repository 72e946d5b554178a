"""The walk: which statement, which expression, in which file, on which call path.

An abstract interpretation: every branch is taken, values are sets of atoms, each call of a function of
the file is followed with the arguments it gets. What handlers exist is registered by the modules
`exprs`, `stmts` and `calls`; this one knows only how to walk and where to put what is found.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from toolreg.effects import Effect, Kind, Qualifier
from toolreg.infer.catalogue import Catalogue
from toolreg.infer.model import ResolvedCall, Unresolved
from toolreg.infer.scope import Scope, Space
from toolreg.infer.sink import Sink
from toolreg.infer.values import DATA, Api, Class, Func, Inst, Member, Method, Partial, Unknown, Value, join

Node = ast.AST
EXPR: dict[type, Callable[[Any, Any, Scope], Value]] = {}
STMT: dict[type, Callable[[Any, Any, Scope], bool]] = {}
CALLABLE = (Func, Method, Partial, Api, Member, Unknown)
CALL: list[Callable[[Any, Value, Any, ast.AST], Value]] = []
Runnable = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Exhausted(Exception):
    """The walk has taken all the steps it may take."""


@dataclass(frozen=True, slots=True)
class InferOptions:
    """How far to look. max_steps bounds the work of one tool; first_party: read the project's own modules.

    search: folders whose packages are read where the catalogue knows nothing; seconds: a bound for that.
    """

    max_steps: int = 40_000
    seconds: float = 0.0
    first_party: bool = True
    search: tuple[str, ...] = ()
    catalogue: Catalogue | None = None


class Frame:
    """One function that is being walked."""

    __slots__ = ("cls", "first", "name", "returns", "space", "via")

    def __init__(
        self, space: Space, name: str, via: tuple[str, ...], cls: Class | None = None, first: Value = DATA
    ) -> None:
        self.space, self.name, self.via, self.cls, self.first = space, name, via, cls, first
        self.returns: Value | None = None

    def give(self, value: Value) -> None:
        self.returns = value if self.returns is None else join(self.returns, value)


class Args:
    """The arguments of a call.

    rest: elements of `*args` of unknown length; open: `**kwargs` unknown; outside: the call is made by
    code that is not read.
    """

    __slots__ = ("named", "open", "outside", "pos", "rest")

    def __init__(self, pos: list[Value], named: dict[str, Value] | None = None) -> None:
        self.pos, self.named = pos, named or {}
        self.rest: Value | None = None
        self.open = False
        self.outside = False

    def get(self, at: int, *names: str) -> Value | None:
        """The argument at a position or by a name; None if it is not given."""
        for name in names:
            if name in self.named:
                return self.named[name]
        if 0 <= at < len(self.pos):
            return self.pos[at]
        return self.rest if at >= 0 else None

    def every(self) -> Iterable[Value]:
        yield from self.pos
        yield from self.named.values()
        if self.rest is not None:
            yield self.rest


class Call:
    """One call of an API: its arguments, its place, its dotted name, and the receiver if it is a method."""

    __slots__ = ("args", "inst", "name", "node")

    def __init__(self, args: Args, node: ast.AST, name: str, inst: Inst | None) -> None:
        self.args, self.node, self.name, self.inst = args, node, name, inst


class Machine:
    """One file's walk, shared by its tools."""

    def __init__(self, catalogue: Catalogue, options: InferOptions) -> None:
        self.catalogue, self.options = catalogue, options
        self.sink = Sink()
        self.steps = 0
        self.until = time.monotonic() + options.seconds
        self.native: set[str] = set()
        self.frame: Frame
        self.here: ast.AST = ast.Pass()  # the statement that is walked
        self.active: dict[object, int] = {}
        self.depth = 0
        self.memo: dict[Any, Value] = {}
        self.contexts: dict[object, int] = {}
        self.made: dict[Any, Any] = {}
        self.created: dict[ast.AST, Value] = {}
        self.spaces: dict[str, Space | None] = {}
        self.looked: set[str] = set()  # attributes of objects that were read
        self.changed = 0  # how often something changed that had been read before
        self.late = 0  # how often that outlives the call
        self.find_module: Callable[[str, Space], Space | None] = lambda _name, _space: None

    # --- walking
    def eval(self, node: ast.expr, scope: Scope) -> Value:
        handler = EXPR.get(node.__class__)
        if handler is not None:
            return handler(self, node, scope)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child, scope)
        return DATA

    def run(self, body: list[ast.stmt], scope: Scope) -> bool:
        """Walk statements; False if the end is never reached (return, raise)."""
        for node in body:
            self.step()
            self.here = node
            handler = STMT.get(node.__class__)
            if handler is not None and not handler(self, node, scope):
                return False
        return True

    def step(self, cost: int = 1) -> None:
        self.steps += cost
        if self.steps > self.options.max_steps:
            raise Exhausted
        if self.options.seconds and self.steps % 4096 == 0 and time.monotonic() > self.until:
            self.steps = self.options.max_steps
            raise Exhausted

    def call(self, value: Value, args: list[Value], node: ast.AST) -> Value:
        """Call a value with plain arguments, from a place that is no call in the source."""
        return CALL[0](self, value, Args(args), node)

    def call_back(self, value: Value, args: list[Value], node: ast.AST, *, certain: bool = True) -> Value:
        """An API got functions: it calls them. Not certain: any argument; what is unknown may be data."""
        functions = tuple(
            a for a in value if isinstance(a, CALLABLE) and (certain or not isinstance(a, Unknown))
        )
        return CALL[0](self, functions, Args(args), node) if functions else DATA

    # --- findings
    def effect(
        self, kind: Kind, target: str, node: ast.AST, label: str = "", qualifier: Qualifier = ""
    ) -> None:
        frame = self.frame
        via = (*frame.via, label) if label else frame.via
        self.sink.effect(kind, target, qualifier, frame.space.path, getattr(node, "lineno", 0), via)

    def question(
        self,
        node: ast.AST,
        reason: str,
        kind: Kind | None = None,
        worst: Effect | None = None,
        derived: tuple[str, ...] = (),
        *,
        once: bool = False,
    ) -> None:
        """Note an effect that may hide here; `once`: the first place stands for all."""
        if kind is not None and worst is None:
            worst = Effect(kind, "*", "deletes" if kind == "net" else "")
        path, line = self.frame.space.path, getattr(node, "lineno", 0)
        self.sink.open_question(Unresolved(path, line, reason, kind, worst, derived), once=once)

    def somewhere(
        self,
        kind: Kind,
        node: ast.AST,
        label: str,
        reason: str,
        derived: tuple[str, ...],
        qualifier: Qualifier = "",
    ) -> None:
        """An effect of this kind is certain, its target is not."""
        self.effect(kind, "*", node, label, qualifier)
        self.question(node, reason, kind, Effect(kind, "*", qualifier), derived)

    def whole_environment(self, value: Value, node: ast.AST) -> None:
        """`os.environ` itself is handed on or iterated: every variable is read."""
        for atom in value:
            if isinstance(atom, Api) and atom.name == "os.environ":
                self.effect("env", "*", node, "os.environ")

    def call_seen(self, name: str, node: ast.AST, args: Args, constructor: ast.Call | None) -> None:
        if not isinstance(node, ast.Call):
            return
        key = (node, name)
        if key not in self.sink.calls:
            frame = self.frame
            self.sink.calls[key] = ResolvedCall(
                name,
                node,
                frame.space.path,
                node.lineno,
                frame.name,
                tuple(args.named),
                args.open,
                constructor,
            )


def label_of(node: ast.AST) -> str:
    """A call as it is written, e.g. `self._fetch` or `acme.Client().find`."""
    spelled = ""
    inner = node.func if isinstance(node, ast.Call) else node
    while isinstance(inner, (ast.Attribute, ast.Call)) and len(spelled) < 200:
        if isinstance(inner, ast.Call):
            spelled, inner = f"(){spelled}", inner.func
        else:
            spelled, inner = f".{inner.attr}{spelled}", inner.value
    return (inner.id if isinstance(inner, ast.Name) else "…") + spelled
