"""Runs inside the sandbox, with the real smolagents: one side of a proof, its source or its published form.

Given as bytes to a fresh child; it imports nothing of toolreg. `probe` takes and gives JSON.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import functools
import importlib.abc
import importlib.machinery
import inspect
import io
import itertools
import linecache
import re
import sys
import types
from typing import Any

import smolagents  # type: ignore[import-untyped]
from smolagents import Tool, tools  # asking for `tools` makes the sandbox give the real package

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
OTHER = "saved again, it gives another result"
_HUB_WORDS = {"model_repo_id": None, "revision": "0" * 40, "cache_dir": None}


def probe(request: dict[str, Any]) -> dict[str, Any]:
    """One side of a proof.

    request: side ("source" or "bundle"), code, files (module name → {code, package}) and module (its name) of
    the source, target (expression that gives the tool), name, cases. Answers {error} or
    {definition, results, kwargs_error, second_pass, stock}.
    """
    stub_missing(request.get("stubs", []))
    try:
        return _bundle_side(request) if request["side"] == "bundle" else _source_side(request)
    except BaseException as error:  # noqa: BLE001  the author's code may raise anything
        return {"error": _exception(error)}


def _bundle_side(request: dict[str, Any]) -> dict[str, Any]:
    given = {name: ast.literal_eval(text) if text else _StandIn() for name, text in request["given"].items()}
    _allow_only(set(request["allowed"]))
    tool = Tool.from_code(request["code"], **given)
    namespace = _namespace_of(tool)
    answer = _judged(tool, request, namespace)
    try:
        Tool.from_code(request["code"], **given, **_HUB_WORDS)
        answer["kwargs_error"] = ""
    except Exception as error:  # noqa: BLE001  the author's code, or what it made, may raise anything
        answer["kwargs_error"] = _exception(error)
    answer["second_pass"] = _second_pass(tool, request, answer)
    return answer


def _allow_only(allowed: set[str]) -> None:
    """The published code may import the standard library and what its requirements provide, nothing else."""
    real = builtins.__import__

    def guarded(name: str, globals: Any = None, *rest: Any, **words: Any) -> Any:
        top = name.split(".")[0]
        mine = (globals or {}).get("__name__") == "dynamic_tool"
        mine = mine and top not in allowed | sys.stdlib_module_names
        # A module that the code itself put into sys.modules stays.
        if mine and (top not in sys.modules or importlib.machinery.PathFinder.find_spec(top) is not None):
            raise ModuleNotFoundError(f"No module named {top!r} (it is not in requirements.txt)", name=top)
        return real(name, globals, *rest, **words)

    builtins.__import__ = guarded


def _second_pass(tool: Any, request: dict[str, Any], first: dict[str, Any]) -> str:
    """Why smolagents cannot save the loaded tool and load that again; "" if it can, and it is the same."""
    try:
        again = Tool.from_code(tool.to_dict()["code"])
    except Exception as error:  # noqa: BLE001  the author's code, or what it made, may raise anything
        return _exception(error)
    second = _judged(again, request, _namespace_of(again))
    for one, other in zip(first["results"], second["results"], strict=True):
        if "raised" in other and "raised" not in one:  # names that only the case uses, for one
            return f"saved again, it raises {other['raised']}"
    return "" if all(first[key] == second[key] for key in second) else OTHER


def _source_side(request: dict[str, Any]) -> dict[str, Any]:
    module, failure = _import_source(request, stock=True)
    if failure:
        module, worse = _import_source(request, stock=False)
        if worse:
            return {"error": worse, "unloadable": True}
    namespace = vars(module)
    inner = functools.partial(globals()["inside"], namespace)
    tool = eval(request["target"], {**namespace, "_stand_in": _StandIn(), "_inside": inner})
    answer = _judged(tool, request, namespace)
    answer["stock"] = failure
    return answer


def _import_source(request: dict[str, Any], *, stock: bool) -> tuple[Any, str]:
    """The author's module; without `stock`, `@tool` leaves the function as it is."""
    if not stock:
        smolagents.tool = tools.tool = lambda function: function
    finder = _Finder(request["files"])
    if request.get("data"):
        globals()["lay_out"](finder, request["data"])
    if any(name.split(".")[0] == "smolagents" for name in request["files"]):  # a fork of smolagents itself
        for name in [n for n in sys.modules if n.split(".")[0] == "smolagents"]:
            del sys.modules[name]
    for name in request["files"]:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(request["module"]), ""
    except Exception as error:  # noqa: BLE001  the author's code, or what it made, may raise anything
        return None, _exception(error)
    finally:
        sys.meta_path.remove(finder)
        sys.meta_path.append(finder)


def _judged(tool: Any, request: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    return {
        "definition": _definition(tool),
        "results": [_run(tool, c, request["name"], namespace) for c in request["cases"]],
    }


def _definition(tool: Any) -> dict[str, Any] | None:
    if not hasattr(tool, "inputs"):
        return None
    words = ("name", "description", "inputs", "output_type", "output_schema")
    return {word: _plain(getattr(tool, word, None)) for word in words}


def _run(tool: Any, case: dict[str, Any], name: str, namespace: dict[str, Any]) -> dict[str, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            value = _value(tool, case, name, namespace)
            told = {"value": _shown(value), "type": type(value).__name__}
        except Exception as error:  # noqa: BLE001  the author's code, or what it made, may raise anything
            told = {"raised": _exception(error)}
    return {**told, "printed": printed.getvalue()}


def _value(tool: Any, case: dict[str, Any], name: str, namespace: dict[str, Any]) -> Any:
    if "source" in case:
        inside = {**namespace, name: tool}
        *before, last = _statements(case["source"])
        for statement in before:
            exec(statement, inside)
        value = eval(last, inside) if last else None
    else:
        value = _called(tool, case["arguments"])
    if inspect.isawaitable(value):
        value = asyncio.run(_awaited(value))
    if inspect.isgenerator(value):
        value = list(itertools.islice(value, 1000))
    return value


def _called(tool: Any, arguments: dict[str, Any]) -> Any:
    """A call by name; a plain function's positional-only parameters by their place."""
    rest, places = dict(arguments), []
    if inspect.isfunction(tool):
        for name, parameter in inspect.signature(tool).parameters.items():
            if parameter.kind is parameter.POSITIONAL_ONLY and name in rest:
                places.append(rest.pop(name))
    return tool(*places, **rest)


def _statements(text: str) -> list[Any]:
    tree = ast.parse(text)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        head = ast.Module(tree.body[:-1], [])
        return [
            compile(head, "<case>", "exec", dont_inherit=True),
            compile(ast.Expression(last.value), "<case>", "eval", dont_inherit=True),
        ]
    return [compile(tree, "<case>", "exec", dont_inherit=True), ""]


async def _awaited(value: Any) -> Any:
    return await value


def _namespace_of(tool: Any) -> dict[str, Any]:
    """The module-level names of the code that a tool was loaded from."""
    for name in ("forward", "__init__", "setup"):
        function = getattr(type(tool), name, None)
        space = getattr(inspect.unwrap(function) if function is not None else None, "__globals__", {})
        if space.get(type(tool).__name__) is type(tool):
            return dict(space)
    return {}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else _shown(value)


def _shown(value: Any) -> str:
    try:
        text = repr(sorted(value, key=repr)) if isinstance(value, (set, frozenset)) else repr(value)
    except Exception as error:  # noqa: BLE001  the author's code, or what it made, may raise anything
        text = f"<repr raised {type(error).__name__}>"
    return _ADDRESS.sub("", text)[:100_000]


def _exception(error: BaseException) -> str:
    return _ADDRESS.sub("", f"{type(error).__name__}: {error}")[:2000]


class _StandIn:
    """A constructor argument that nobody gave: whatever is asked of it is another one."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn()

    def __call__(self, *arguments: Any, **words: Any) -> Any:  # noqa: ARG002
        return _StandIn()

    def __repr__(self) -> str:
        return "<stand-in>"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves the author's files by module name, from memory."""

    def __init__(self, files: dict[str, dict[str, Any]]) -> None:
        self.files, self.base = files, "/author"

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        if fullname not in self.files:
            return None
        package = bool(self.files[fullname]["package"])
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=self._name(fullname), is_package=package)
        spec.has_location = True
        return spec

    def _name(self, fullname: str) -> str:
        package = self.files[fullname]["package"]
        return f"{self.base}/{fullname.replace('.', '/')}{'/__init__' if package else ''}.py"

    def create_module(self, spec: Any) -> None:  # noqa: ARG002
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        code, name = self.files[module.__name__]["code"], self._name(module.__name__)
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        exec(compile(code, name, "exec", dont_inherit=True), vars(module))


class _Stub(types.ModuleType):
    """A package that is not installed: every name in it is a class that does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = type(name, (), {"__init__": _nothing, "__module__": self.__name__})
        setattr(self, name, value)
        return value


def _nothing(self: Any, *arguments: Any, **words: Any) -> None: ...


class _StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, tops: list[str]) -> None:
        self.tops = set(tops)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        return (
            importlib.machinery.ModuleSpec(fullname, self, is_package=True)
            if fullname.split(".")[0] in self.tops
            else None
        )

    def create_module(self, spec: Any) -> _Stub:
        return _Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def stub_missing(tops: list[str]) -> None:
    """Let packages that are not installed import as stubs, on both sides alike."""
    if tops:
        sys.meta_path.append(_StubFinder(tops))
