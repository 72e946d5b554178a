"""Tool calls on the host's side: known tool, valid arguments, permitted, in time, on record."""

from __future__ import annotations

import contextvars
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from smolagents.tools import Tool, validate_tool_arguments  # type: ignore[import-untyped]

from toolreg.agent.budget import BudgetSpent
from toolreg.agent.channel import StepTimeout
from toolreg.agent.paths import localized, outside
from toolreg.agent.spans import tool_span
from toolreg.agent.toolset import effects_of, is_destructive
from toolreg.errors import ToolregError


class Record(Protocol):
    """Where events go: `TraceWriter.write`, or nowhere."""

    def __call__(self, kind: str, /, **fields: Any) -> None: ...


def no_record(kind: str, /, **fields: Any) -> None:
    """Keep nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a call may be made, and why not."""

    allowed: bool
    reason: str = ""


# What code may tell a managed agent; its steps, its memory and its budget are not the caller's to set.
MANAGED = ("task", "additional_args")

Gate = Callable[[str, Any, Mapping[str, Any]], Decision]


def open_gate(name: str, tool: Any, arguments: Mapping[str, Any]) -> Decision:
    """Every call may be made; its own policy still confines it."""
    del name, tool, arguments
    return Decision(True)


def asking_gate(allowed: frozenset[str], ask: Callable[[str], bool] | None) -> Gate:
    """Calls that may destroy something are asked for, once each; without anybody to ask they are refused."""

    def gate(name: str, tool: Any, arguments: Mapping[str, Any]) -> Decision:
        if name in allowed or name == "final_answer" or is_agent(tool):
            return Decision(True)
        if not is_destructive(effects_of(tool)):
            return Decision(True)
        if ask is None:
            return Decision(
                False, f'{name} may destroy something; the policy must allow it: destructive = ["{name}"]'
            )
        shown = ", ".join(f"{k}={v!r:.200}" for k, v in arguments.items())
        return Decision(True) if ask(f"{name}({shown})") else Decision(False, f"{name} was not permitted")

    return gate


class CallRefused(Exception):
    """The call was not made; the text is for the model."""


class Caller:
    """Makes the calls of one agent's code. Numbers them, so that the record can join call and result.

    folders: of this machine that tools may reach besides the workspace, where the model names a path.
    """

    def __init__(self, gate: Gate = open_gate, record: Record = no_record) -> None:
        self.gate, self.record = gate, record
        self.folders: tuple[str, ...] = ()
        self._number = 0
        self._lock = threading.Lock()

    def call(self, name: str, tool: Any, arguments: dict[str, Any], limit: float) -> Any:
        """The tool's result. Raises CallRefused, StepTimeout, or whatever the tool raises."""
        number = self._next()
        arguments = localized(tool, arguments)
        problem = invalid(tool, arguments) or outside(tool, arguments, self.folders)
        decision = Decision(False, problem) if problem else self.gate(name, tool, arguments)
        self.record("call", id=number, tool=name, arguments=arguments, **_decided(decision), **about(tool))
        if not decision.allowed:
            raise CallRefused(decision.reason)
        begin = time.perf_counter()
        result: dict[str, Any] = {}
        try:
            with tool_span(name, arguments, result):
                value = within(lambda: _made(tool, arguments), limit)
                plain = isinstance(value, (str, int, float, bool, type(None)))
                result["output"] = value if plain else shown(value)
            return value
        except BaseException as error:
            result["error"] = named(error)
            raise
        finally:
            seconds = round(time.perf_counter() - begin, 4)
            self.record("result", id=number, tool=name, seconds=seconds, **result, **seen(tool))

    def _next(self) -> int:
        with self._lock:
            self._number += 1
            return self._number


def _made(tool: Any, arguments: Mapping[str, Any]) -> Any:
    """Make the call. A tool that would end this process, or pretends that somebody pressed Ctrl-C, has failed."""
    try:
        return tool(**arguments)
    except (Exception, BudgetSpent):
        raise
    except BaseException as error:
        raise RuntimeError(f"the tool ended itself with {type(error).__name__}") from error


def shown(value: Any) -> str | None:
    """A stranger's value as text, whatever it does when it is asked for one; None for None."""
    try:
        return None if value is None else str(value)
    except Exception as error:  # noqa: BLE001 - a stranger's __str__
        return f"<{type(value).__name__}, which cannot be shown: {type(error).__name__}>"


def is_agent(tool: Any) -> bool:
    """True for a managed agent, which is called like a tool."""
    return not isinstance(tool, Tool) and hasattr(tool, "run") and hasattr(tool, "memory")


def invalid(tool: Any, arguments: Mapping[str, Any]) -> str:
    """Why these arguments do not fit the tool's inputs; empty if they do."""
    if not isinstance(tool, Tool):
        return _untellable(arguments)
    try:
        validate_tool_arguments(tool, dict(arguments))
    except Exception as error:  # noqa: BLE001 - smolagents' own check may break on odd schemas
        return f"{tool.name}: {error}"
    return ""


def _untellable(arguments: Mapping[str, Any]) -> str:
    """Why a managed agent cannot be told this; empty if it can."""
    unknown = ", ".join(sorted(set(arguments) - set(MANAGED)))
    if unknown:
        return f"a managed agent takes {' and '.join(MANAGED)}, not {unknown:.200}"
    if not isinstance(arguments.get("task"), str):
        return "a managed agent needs a task, a text"
    extra = arguments.get("additional_args") or {}
    if not isinstance(extra, dict) or not all(isinstance(name, str) for name in extra):
        return "additional_args must be a mapping of names to values"
    return ""


def within(work: Callable[[], Any], limit: float) -> Any:
    """Run `work` in a thread, and leave it behind at `limit` (time.monotonic). Raises StepTimeout."""
    box: dict[str, Any] = {}
    context = contextvars.copy_context()

    def run() -> None:
        try:
            box["value"] = context.run(work)
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread
            box["error"] = error

    thread = threading.Thread(target=run, daemon=True, name="toolreg-call")
    thread.start()
    while thread.is_alive():
        left = limit - time.monotonic()
        if left <= 0:
            raise StepTimeout
        thread.join(min(left, 3600.0))
    if "error" in box:
        raise box["error"]
    return box["value"]


def about(tool: Any) -> dict[str, Any]:
    """What the record keeps of a tool: effects, version, digest, where it runs."""
    effects = effects_of(tool)
    manifest = getattr(tool, "manifest", None)
    facts: dict[str, Any] = {
        "effects": None if effects is None else [str(e) for e in effects],
        "where": getattr(tool, "where", "sandbox" if manifest is not None else "host"),
    }
    return facts | _manifest_facts(manifest) if manifest is not None else facts


def seen(tool: Any) -> dict[str, Any]:
    """What the sandbox observed of the newest call."""
    observation = getattr(tool, "last", None)
    observed = getattr(observation, "effects", ())
    usage = getattr(observation, "usage", None)
    facts: dict[str, Any] = (
        {"effects": [f"{o.effect} {o.verdict}" for o in observed][:200]} if observed else {}
    )
    if usage is not None:
        facts["cpu"], facts["peak_memory"] = round(usage.cpu, 3), usage.peak_memory
    return facts


def for_model(error: BaseException) -> str:
    """An error as the model may read it: one line of what happened, no paths of this machine."""
    if isinstance(error, (BudgetSpent, KeyboardInterrupt)):
        return "interrupted"
    return _scrub(str(error) if isinstance(error, CallRefused) else named(error))[:20_000]


def named(error: BaseException) -> str:
    """An error in a line: with its kind, unless it is one of ours, whose words say all."""
    return str(error) if isinstance(error, ToolregError) else f"{type(error).__name__}: {shown(error)}"


def _scrub(text: str) -> str:
    places = {str(Path.home()), os.getcwd(), sys.prefix, sys.base_prefix} - {"/", "/usr", ""}
    for place in sorted(places, key=len, reverse=True):
        text = re.sub(re.escape(place) + r"(?=[/\s'\":,)]|\Z)", "…", text)
    return text


def _decided(decision: Decision) -> dict[str, Any]:
    return {"decision": "allowed"} if decision.allowed else {"decision": "refused", "reason": decision.reason}


def _manifest_facts(manifest: Any) -> dict[str, Any]:
    predicate = getattr(manifest, "predicate", None)
    tool = getattr(predicate, "tool", None)
    return {
        "version": str(getattr(tool, "version", "") or ""),
        "digest": str(getattr(manifest, "digest", "") or ""),
    }
