"""The same agent behind another boundary: Docker, E2B, Modal, Blaxel, over smolagents' own executors.

What is mended around them (smolagents 1.26): a second run works, a step has a time limit, the import whitelist is
enforced, nothing is installed at run time, no key gets into a saved agent. What a boundary of this kind cannot
give: tools run inside it, beside the agent's code, so that their effects are not held apart; MCP servers and
managed agents need `sandbox = "local"`.
"""

from __future__ import annotations

import ast
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from smolagents import AgentLogger, FinalAnswerTool, LogLevel  # type: ignore[import-untyped]
from smolagents.local_python_executor import (  # type: ignore[import-untyped]
    BASE_BUILTIN_MODULES,
    CodeOutput,
    PythonExecutor,
)

from toolreg.agent.calls import Record, no_record, within
from toolreg.agent.channel import StepTimeout
from toolreg.agent.codec import dumps, loads
from toolreg.agent.executor import StepFailed, StepKilled
from toolreg.agent.presets import ALWAYS_OPEN, PRESETS
from toolreg.agent.toolset import effects_of
from toolreg.errors import ConfigError, SandboxUnavailable, UsageError

_PACKAGES = {"docker": "docker", "e2b": "e2b_code_interpreter", "modal": "modal", "blaxel": "blaxel"}
_ANSWER = "toolreg"


class Boundary(PythonExecutor):  # type: ignore[misc,unused-ignore]
    """A remote executor of smolagents, opened when first needed and again after it had to be ended."""

    def __init__(
        self,
        name: str,
        open_inner: Callable[[], Any],
        imports: Iterable[str] = (),
        *,
        step_timeout: float = 30.0,
        network: bool = True,
    ) -> None:
        self.boundary = f"{name}: code and tools in one place"
        self.network = network
        self.authorized_imports = sorted({*BASE_BUILTIN_MODULES, *imports})
        self.step_timeout = step_timeout
        self.deadline: Callable[[], float | None] = lambda: None
        self.record: Record = no_record
        self.state: dict[str, Any] = {"_print_outputs": ""}
        self._open_inner = open_inner
        self._inner: Any = None
        self._tools: dict[str, Any] = {}
        self._names: dict[str, Any] = {}
        self._failed = False

    def send_tools(self, tools: Mapping[str, Any]) -> None:
        """Offer these tools. Raises UsageError for those that cannot live or work inside."""
        self._tools = {name: tool for name, tool in tools.items() if type(tool) is not FinalAnswerTool}
        if not self.network:
            _refuse_network(self._tools)
        code = "\n".join(_shipped(name, tool) for name, tool in self._tools.items())
        if self._inner is not None and code:
            self._inner.run_code_raise_errors(code)

    def send_variables(self, variables: Mapping[str, Any]) -> None:
        self._names.update(variables)
        if self._inner is not None and variables:
            self._inner.run_code_raise_errors(_naming(variables))

    def __call__(self, code_action: str) -> CodeOutput:
        """Run one step. Raises StepFailed, StepKilled."""
        digest = hashlib.sha256(code_action.encode("utf-8", "backslashreplace")).hexdigest()
        self.record("code", code=code_action, sha256=digest)
        begin = time.perf_counter()
        try:
            output = self._run(code_action)
        except Exception as error:
            kind = "killed" if isinstance(error, StepKilled) else "output"
            self.record(kind, error=str(error), reason=str(error), seconds=time.perf_counter() - begin)
            raise
        shown = None if output.output is None else str(output.output)
        self.record("output", logs=output.logs, value=shown, final=output.is_final_answer,
                    seconds=time.perf_counter() - begin)  # fmt: skip
        return output

    def start(self) -> None:
        """Bring it up now; else the first step pays for it. Raises SandboxUnavailable."""
        self._opened()

    @property
    def is_open(self) -> bool:
        """True while there is a place where the next step finds what the last one left."""
        return self._inner is not None

    def cleanup(self) -> None:
        """End it; may be called twice."""
        inner, self._inner = self._inner, None
        if inner is not None:
            inner.cleanup()

    delete = cleanup

    def _run(self, code: str) -> CodeOutput:
        refuse_imports(code, self.authorized_imports)
        inner = self._opened()  # a step's time begins when there is a place to run it
        limit = time.monotonic() + self.step_timeout
        deadline = self.deadline()
        try:
            output = within(
                lambda: self._run_after(inner, code), limit if deadline is None else min(limit, deadline)
            )
        except StepTimeout:
            self.cleanup()
            raise StepKilled(
                f"Code execution failed: the step exceeded its time limit of {self.step_timeout:g} s; "
                "the sandbox was started anew and its variables are lost"
            ) from None
        except Exception as error:
            self._failed = True
            raise StepFailed(str(error)) from error
        return CodeOutput(_answer(output.output), output.logs, output.is_final_answer)

    def _run_after(self, inner: Any, code: str) -> Any:
        """A Jupyter kernel drops, without a word, what it is asked right after a cell that failed."""
        while self._failed:
            answer = inner.run_code_raise_errors("'toolreg'").output
            self._failed = "toolreg" not in str(answer)
        return inner.run_code_raise_errors(code)

    def _opened(self) -> Any:
        if self._inner is None:
            self._inner, self._failed = self._open_inner(), False
            parts = [prelude(), *(_shipped(name, tool) for name, tool in self._tools.items())]
            self._inner.run_code_raise_errors("\n".join(parts))
            if self._names:
                self._inner.run_code_raise_errors(_naming(self._names))
        return self._inner


def open_boundary(
    name: str,
    imports: Iterable[str] = (),
    *,
    step_timeout: float = 30.0,
    workspace: str | None = None,
    network: bool = False,
) -> Boundary:
    """The hardened preset of that name; without a network unless one is asked for (Blaxel's is always open).

    Raises ConfigError where its package is missing, SandboxUnavailable.
    """
    import importlib.util

    if name not in PRESETS:
        raise ConfigError(f"unknown sandbox '{name}'", hint=f"one of: local, {', '.join(PRESETS)}")
    if importlib.util.find_spec(_PACKAGES[name]) is None:
        raise ConfigError(
            f"sandbox '{name}' needs a package", hint=f"pip install 'smolagents[{name}]', and log in there"
        )

    def open_inner() -> Any:
        try:
            return PRESETS[name](AgentLogger(level=LogLevel.OFF), workspace, network)
        except Exception as error:  # a provider's SDK may raise anything
            raise SandboxUnavailable(
                f"sandbox '{name}' cannot be opened: {error}", hint='use sandbox = "local"'
            ) from error

    is_open = network or name in ALWAYS_OPEN
    return Boundary(name, open_inner, imports, step_timeout=step_timeout, network=is_open)


def refuse_imports(code: str, allowed: Iterable[str]) -> None:
    """Raise StepFailed for an import that is not allowed; code that does not parse fails by itself."""
    names = [name.removesuffix(".*") for name in allowed]
    if "*" in names:
        return
    for name in _imported(code):
        if not any(name == each or name.startswith(each + ".") for each in names):
            raise StepFailed(f"Import of {name} is not allowed. Authorized imports are: {sorted(names)}")


def prelude() -> str:
    """Python that makes ready: the codec, the final answer, and a stand-in of smolagents for tools."""
    codec = resources.files("toolreg.agent").joinpath("codec.py").read_text("utf-8")
    return _PRELUDE.format(codec=codec)


def _imported(code: str) -> Iterator[str]:
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _refuse_network(tools: Mapping[str, Any]) -> None:
    for name, tool in tools.items():
        if any(effect.kind in ("net", "listen") for effect in effects_of(tool) or ()):
            raise UsageError(
                f"{name} needs a network, and this boundary has none",
                hint='network = true in toolreg.toml opens it; sandbox = "local" runs tools outside of it',
            )


def _shipped(name: str, tool: Any) -> str:
    code, entry = _source(tool)
    if not code:
        raise UsageError(
            f"{name} cannot live inside of this boundary",
            hint='use sandbox = "local", which calls tools outside',
        )
    return f"{name} = _toolreg_tool({name!r}, {code.decode()!r}, {entry!r})"


def _source(tool: Any) -> tuple[bytes, str]:
    """The published form of a confined tool: its bytes and its class; nothing for any other."""
    found = getattr(tool, "_found", None)
    if found is not None:
        return found.code, found.entry
    manifest = getattr(tool, "manifest", None)
    return (tool.code, manifest.predicate.tool.entry) if manifest is not None else (b"", "")


def _naming(variables: Mapping[str, Any]) -> str:
    return f"globals().update(_toolreg_codec.loads({dumps(dict(variables))!r}))"


def _answer(value: Any) -> Any:
    if isinstance(value, dict) and list(value) == [_ANSWER] and isinstance(value[_ANSWER], str):
        return loads(value[_ANSWER])
    return value


_PRELUDE = '''\
import json as _toolreg_json, sys as _toolreg_sys, types as _toolreg_types

def _toolreg_module(name, source):
    module = _toolreg_types.ModuleType(name)
    _toolreg_sys.modules[name] = module
    exec(compile(source, name, "exec"), module.__dict__)
    return module

_toolreg_codec = _toolreg_module("toolreg_codec", {codec!r})

class FinalAnswerException(BaseException):
    pass

def final_answer(answer=None):
    """Give the final answer; the code ends here."""
    try:
        text = _toolreg_codec.dumps(answer)
    except _toolreg_codec.CodecError:
        text = _toolreg_json.dumps(str(answer))
    raise FinalAnswerException("safe:" + _toolreg_json.dumps({{"toolreg": text}}))

class _ToolregTool:
    skip_forward_signature_validation = True
    is_initialized = True
    def __init__(self, *args, **kwargs):
        pass
    def setup(self):
        pass
    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

if "smolagents" not in _toolreg_sys.modules:
    _toolreg_stand_in = _toolreg_types.ModuleType("smolagents")
    _toolreg_stand_in.Tool = _ToolregTool
    _toolreg_stand_in.tool = lambda function: function
    _toolreg_sys.modules["smolagents"] = _toolreg_sys.modules["smolagents.tools"] = _toolreg_stand_in

def _toolreg_tool(name, source, entry):
    made = getattr(_toolreg_module("tool_" + name, source), entry)
    return made() if isinstance(made, type) else made
'''
