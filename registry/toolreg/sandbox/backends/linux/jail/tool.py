"""Load the tool's file, run what was asked, send the result. Everything after this line may be hostile."""

from __future__ import annotations

import builtins
import io
import os
import sys
import types

from . import audit, light, results

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_FILE = "tool.py"
_MODULE = "tool"


def serve(call: dict[str, Any], source: bytes, result: int) -> NoReturn:
    """Run one call and write its outcome as JSON to the descriptor `result`."""
    # Made anew: those of the fork server belong to another kind of file.
    sys.stdout, sys.stderr = _stream(1), _stream(2)
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc]
    account = audit.Account(_FILE)
    try:
        outcome = _run(call, source, account)
    except BaseException as error:  # noqa: BLE001 - the tool's own, whatever it is
        outcome = _raised(error)
    outcome["account"] = [list(each) for each in account.seen]
    _write(result, outcome)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(0)


def _stream(number: int) -> Any:
    return open(number, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _write(result: int, outcome: dict[str, Any]) -> None:
    data = memoryview(light.dumps(outcome).encode("ascii", "backslashreplace"))
    try:
        while data:
            data = data[os.write(result, data) :]
    except OSError:
        return


def _run(call: dict[str, Any], source: bytes, account: audit.Account) -> dict[str, Any]:
    module = _load(source, account)
    tool = _entry(module, call["entry"])
    if call["kind"] == "examples":
        return {"examples": _examples(tool, call["name"], call["sources"], call["output"])}
    value = tool(**call["arguments"])
    if isinstance(value, types.CoroutineType):
        import asyncio

        value = asyncio.run(value)
    plain, faithful = results.plain(value)
    return {"value": plain, "faithful": faithful, "type": type(value).__name__}


def _load(source: bytes, account: audit.Account) -> types.ModuleType:
    module = types.ModuleType(_MODULE)
    module.__file__ = _FILE
    sys.modules[_MODULE] = module
    code = compile(source, _FILE, "exec", dont_inherit=True)
    _show_source(module, source.decode("utf-8", "replace"))
    account.open()
    exec(code, module.__dict__)  # the very purpose of this process
    return module


class _Source:
    """Where `linecache` finds the tool's lines if it is loaded only later."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, _: str) -> str:
        return self._text


def _show_source(module: types.ModuleType, text: str) -> None:
    lines = sys.modules.get("linecache")
    if lines is None:
        module.__loader__ = _Source(text)  # type: ignore[assignment]
    else:
        lines.cache[_FILE] = (len(text), None, text.splitlines(keepends=True), _FILE)


def rehearse() -> None:
    """A call that does nothing, before there is one.

    To write to a page that the fork server has too is to copy it. Those that every call writes to are copied now.
    """
    _stream(1).flush()
    module = types.ModuleType(_MODULE)
    source = b"def f(x: int = 1) -> int:\n    return x\n"
    exec(compile(source, _FILE, "exec", dont_inherit=True), module.__dict__)
    value, faithful = results.plain(_entry(module, "f")())
    said = {"value": value, "faithful": faithful, "type": type(value).__name__, "account": []}
    light.loads(light.dumps(said).encode("ascii", "backslashreplace"))
    audit.Account(_FILE)


def _entry(module: types.ModuleType, entry: str) -> Callable[..., Any]:
    """The tool to call: an instance of the class named `entry`, the function of that name, or the first Tool."""
    found: Any
    if entry:
        found = getattr(module, entry, None)
        if found is None:
            raise NameError(f"{_FILE} defines no '{entry}'")
    else:
        found = _first_tool(module)
    tool: Any = found() if isinstance(found, type) else found
    return tool  # type: ignore[no-any-return]


def _first_tool(module: types.ModuleType) -> Any:
    base = getattr(sys.modules.get("smolagents"), "Tool", None)
    for value in vars(module).values():
        if base is None:
            break
        if isinstance(value, base) or (
            isinstance(value, type) and issubclass(value, base) and value is not base
        ):
            return value
    raise NameError(f"{_FILE} holds no tool")


class _Bounded(io.StringIO):
    """Standard output of one example; what is too much is dropped."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, text: str) -> int:
        super().write(text[: self._left])
        self._left -= min(self._left, len(text))
        return len(text)


def _examples(tool: Callable[..., Any], name: str, sources: list[str], most: int) -> list[dict[str, str]]:
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, name: tool}
    real, shown = sys.stdout, sys.displayhook
    runs = []
    for number, source in enumerate(sources):
        sys.stdout, sys.displayhook = _Bounded(most), sys.__displayhook__
        try:
            runs.append(_example(source, f"<example {number + 1}>", names, sys.stdout))
        finally:
            sys.stdout, sys.displayhook = real, shown
    return runs


def _example(source: str, label: str, names: dict[str, Any], out: io.StringIO) -> dict[str, str]:
    text = source if source.endswith("\n") else source + "\n"
    try:
        exec(compile(text, label, "single", 0, True), names)  # the example, in the same cage as the tool
    except BaseException as error:  # noqa: BLE001 - an example may raise anything
        return {"output": out.getvalue(), **_named(error)}
    return {"output": out.getvalue(), "error": "", "message": ""}


def _named(error: BaseException) -> dict[str, str]:
    try:
        message = str(error)[:10_000]
    except BaseException:  # noqa: BLE001 - a hostile __str__
        message = "(its message cannot be shown)"
    try:
        kind = type(error)
        module = getattr(kind, "__module__", "")
        prefix = "" if module in ("builtins", "__main__", _MODULE) else f"{module}."
        name = f"{prefix}{kind.__qualname__}"[:200]
    except BaseException:  # noqa: BLE001 - a hostile class
        name = "Exception"
    return {"error": name, "message": message}


def _raised(error: BaseException) -> dict[str, Any]:
    line = 0
    if isinstance(error, SyntaxError) and error.filename == _FILE:
        line = error.lineno or 0
    trace = error.__traceback__
    while trace is not None:  # not the traceback module: it would go and read source files
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == _FILE else line
        trace = trace.tb_next
    return {**_named(error), "line": line}
