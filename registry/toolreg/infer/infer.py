"""Infer what a tool's code can do, from its file alone."""

from __future__ import annotations

import ast
import time

from toolreg.contract import Module, ToolSource
from toolreg.contract.once import once
from toolreg.infer import (  # noqa: F401  (they register what the walk knows)
    exprs,
    models_boxes,
    models_files,
    models_functions,
    models_libs,
    models_more,
    models_names,
    models_texts,
    stmts,
)
from toolreg.infer.attrs import attribute
from toolreg.infer.calls import call
from toolreg.infer.catalogue import builtin_catalogue
from toolreg.infer.classes import bind_to, class_attribute
from toolreg.infer.machine import Args, Exhausted, Frame, InferOptions, Machine
from toolreg.infer.model import Inference, ResolvedCall
from toolreg.infer.outside import argument_of_tool, outside_args
from toolreg.infer.project import Project, space_of, walk_module
from toolreg.infer.scope import Scope, Space
from toolreg.infer.sink import Sink
from toolreg.infer.values import Class, Func, Obj, Value

# What smolagents calls and reads of a tool, whoever wrote it.
_CALLED_BY_AGENTS = (
    "setup", "forward", "__call__", "validate_arguments", "to_code_prompt", "to_tool_calling_prompt", "to_dict",
    "encode", "decode", "post_init",
)  # fmt: skip
_READ_BY_AGENTS = ("name", "description", "inputs", "output_type", "output_schema", "is_initialized")
_DEFAULT = InferOptions()
MAX_ROUNDS = 3


class Analysis:
    """One file's walk: its import once, then each tool."""

    def __init__(self, module: Module, options: InferOptions) -> None:
        self.machine = Machine(options.catalogue or builtin_catalogue(), options)
        self.space = space_of(module.path, module.tree)
        self.project = Project(self.machine, self.space)
        self.machine.find_module = self.project.find
        self.of_tool: dict[ast.AST, Sink] = {}
        walk_module(self.machine, self.space)

    def tool(self, tool: ToolSource) -> Sink:
        sink = self.of_tool.get(tool.node)
        if sink is None:
            sink = self.of_tool[tool.node] = _walk_tool(self.machine, self.space, tool)
        return sink

    def close(self) -> None:
        """Let the parts go that know each other: the file's tree would outlive them."""
        for space in self.machine.spaces.values():
            if space is not None:
                space.scope.names.clear()
                space.decorated.clear()
        for made in self.machine.made.values():
            if isinstance(made, Class | Obj):
                made.attrs.clear()
        self.of_tool.clear()
        self.machine.__dict__.clear()
        self.project.__dict__.clear()


@once
def _analyses(_module: Module) -> dict[InferOptions, Analysis]:
    return {}


def _analysis(module: Module, options: InferOptions) -> Analysis:
    known = _analyses(module)
    found = known.get(options)
    if found is None:
        found = known[options] = Analysis(module, options)
    return found


def infer(tool: ToolSource, *, options: InferOptions | None = None) -> Inference:
    """Every effect the tool's code can have, and what could not be seen. Never imports, never runs it."""
    return _inferred(tool) if options is None else _sink(tool, options).result()


def calls_of(tool: ToolSource, *, options: InferOptions | None = None) -> tuple[ResolvedCall, ...]:
    """Every call of a known API that the tool can reach, in its own code and in its helpers."""
    return tuple(_sink(tool, options or _DEFAULT).calls.values())


@once
def _inferred(tool: ToolSource) -> Inference:
    return _sink(tool, _DEFAULT).result()


def _sink(tool: ToolSource, options: InferOptions) -> Sink:
    return _analysis(tool.module, options).tool(tool)


def files_read(module: Module, options: InferOptions) -> list[str]:
    """The files that an inference with these options rests on, the tool's own first."""
    machine = _analysis(module, options).machine
    return list(dict.fromkeys(space.path for space in machine.spaces.values() if space is not None))


def files_of(module: Module) -> tuple[str, ...]:
    """The other files that what was inferred of a module rests on, sorted: those read, and where one would be looked for.

    Empty before anything was inferred of it.
    """
    return tuple(
        sorted({p for a in _analyses(module).values() for p in a.project.asked() if p != module.path})
    )


def forget(module: Module) -> None:
    """Drop what was inferred of a module that is done with."""
    for analysis in _analyses(module).values():
        analysis.close()


def _walk_tool(m: Machine, space: Space, tool: ToolSource) -> Sink:
    sink = Sink()
    m.sink, m.memo, m.contexts, m.steps, m.depth, m.active = sink, {}, {}, 0, 0, {}
    m.looked = set()
    m.frame = Frame(space, tool.name, ())
    m.until = time.monotonic() + m.options.seconds
    try:
        for _ in range(MAX_ROUNDS):
            late = m.late
            _enter(m, space, tool)
            if m.late == late:
                break
            m.memo, m.contexts, m.steps = (
                {},
                {},
                0,
            )  # a second call of the tool starts with what the first left
    except Exhausted:
        m.question(tool.node, f"too large to follow: stopped after {m.options.max_steps} steps")
    except RecursionError:
        m.question(tool.node, "nested too deeply to follow")
    if space.sink is not None:
        sink.absorb(space.sink)
    return sink


def _enter(m: Machine, space: Space, tool: ToolSource) -> None:
    value = m.created.get(tool.node)
    if value is None and tool.nested:
        value = _created_inside(m, space, tool.node)
    if value is None:  # in code that importing the file does not reach
        m.run([tool.node], Scope(space.scope))
        value = m.created[tool.node]
    m.frame = Frame(space, tool.name, ())
    given = {p.arg: argument_of_tool(m, p, space.scope) for p in tool.parameters}
    if isinstance(tool.node, ast.ClassDef):
        _enter_class(m, value, tool, given)
    else:
        _start(m, value, given, tool.node, tool.node.name)


def _enter_class(m: Machine, value: Value, tool: ToolSource, given: dict[str, Value]) -> None:
    made = call(m, value, outside_args(), tool.node)
    for atom in value:
        if not isinstance(atom, Class):
            continue
        for name in _READ_BY_AGENTS:
            if class_attribute(m, atom, name):
                attribute(m, made, name, tool.node)
        for name in _CALLED_BY_AGENTS:
            method = class_attribute(m, atom, name)
            if method:
                _start(
                    m,
                    bind_to(m, method, made, tool.node),
                    given if name == "forward" else {},
                    tool.node,
                    name,
                )


def _start(m: Machine, value: Value, given: dict[str, Value], node: ast.AST, name: str) -> None:
    """Call the tool the way an agent does, each parameter standing for itself."""
    args = Args([], {k: v for k, v in given.items() if not _variadic(value, k)})
    call(m, value, args, _Entry(node, name))


class _Entry(ast.Name):
    """A place that stands for the call from outside, so that the path starts with the function's name."""

    def __init__(self, node: ast.AST, name: str) -> None:
        super().__init__(name)
        self.lineno = getattr(node, "lineno", 0)


def _variadic(value: Value, name: str) -> bool:
    for atom in value:
        if isinstance(atom, Func):
            spec = atom.node.args
            if name in (spec.vararg.arg if spec.vararg else "", spec.kwarg.arg if spec.kwarg else ""):
                return True
    return False


def _created_inside(m: Machine, space: Space, node: ast.AST) -> Value | None:
    """A tool made inside a function: walk that function, quietly, so that its closure is known."""
    outer = m.sink
    m.sink = Sink()
    for around in _around(space.tree, node):
        func = m.created.get(around)
        if func:
            call(m, func, outside_args(), around)
    m.sink = outer
    return m.created.get(node)


def _around(tree: ast.Module, node: ast.AST) -> list[ast.AST]:
    """The functions around a node, outermost first."""
    found: list[ast.AST] = []
    inner: ast.AST = tree
    while inner is not node:
        step = next((c for c in ast.iter_child_nodes(inner) if c is node or _holds(c, node)), None)
        if step is None:
            return []
        if isinstance(step, (ast.FunctionDef, ast.AsyncFunctionDef)) and step is not node:
            found.append(step)
        inner = step
    return found


def _holds(outer: ast.AST, node: ast.AST) -> bool:
    """By its lines, a statement stands around another."""
    if isinstance(outer, ast.match_case):
        return any(_holds(s, node) for s in outer.body)
    if not isinstance(outer, (ast.stmt, ast.ExceptHandler)) or not isinstance(node, ast.stmt):
        return False
    return outer.lineno <= node.lineno and (node.end_lineno or 0) <= (outer.end_lineno or 0)
