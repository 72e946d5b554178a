"""Call one tool once: from a file or from a Hub, in the sandbox, under exactly what it declares."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from toolreg.bundle import bundle
from toolreg.contract import ToolSource, parse_module, spec_of
from toolreg.contract.grants import grant
from toolreg.effects import Effect, uncovered
from toolreg.errors import SourceError, UsageError
from toolreg.harness import media
from toolreg.load import fetch_new, parse_ref
from toolreg.load.reader import Hubs, reader
from toolreg.pipeline import one_tool
from toolreg.sandbox import CallTool, Killed, Observation, Policy, Raised, Returned, Sandbox, hand_over
from toolreg.sandbox.backends.choice import DEFAULT

_REF = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[\w./-]+)?")


@dataclass(frozen=True, slots=True)
class Callable:
    """A tool that can be called: its bytes, its class in them, what a model is told, what it declares."""

    name: str
    code: bytes
    entry: str
    source: ToolSource
    inputs: dict[str, dict[str, Any]]
    declared: tuple[Effect, ...]
    output_type: str = "any"


@dataclass(frozen=True, slots=True)
class Called:
    """One call, over. error: "" where it returned. used: every effect seen, tried ones too. beyond: those not granted."""

    tool: str
    value: Any
    error: str
    declared: tuple[Effect, ...]
    granted: tuple[Effect, ...]
    used: tuple[Effect, ...]
    beyond: tuple[Effect, ...]
    written: tuple[str, ...]
    stdout: str
    seconds: float
    tier: str
    layers: Mapping[str, str]
    backend: str = DEFAULT
    unknown: tuple[str, ...] = ()


@contextmanager
def open_tool(target: str, hub: str = "local", *, undeclared: bool = False) -> Iterator[Callable]:
    """The tool that `PATH[:NAME]` or `NAMESPACE/NAME[@REVISION]` names.

    A published one is fetched and verified against its manifest. undeclared: take a file's tool without
    asking what it declares. Raises SourceError, BundleError,
    HubError, VerificationError.
    """
    path, _, name = (
        target.rpartition(":") if ":" in target and not os.path.exists(target) else (target, "", "")
    )
    if os.path.exists(path):
        yield _from_file(path, name, undeclared)
    elif _REF.fullmatch(target):
        with Hubs() as hubs:
            yield _from_hub(target, hub, hubs)
    else:
        raise SourceError(
            "no such file", path=path, hint="write PATH[:NAME], or NAMESPACE/NAME of a published tool"
        )


def call(
    tool: Callable,
    arguments: Mapping[str, Any],
    *,
    workspace: str,
    env: Mapping[str, str],
    backend: str = DEFAULT,
) -> Called:
    """Call it in the sandbox; what it wrote within its grant is handed over to `workspace` if it returned."""
    granted = grant(tool.source, arguments, tool.declared)
    names = [e for e in granted if e.kind == "env"]
    lent = {n: v for n, v in env.items() if any(e.covers(Effect("env", n)) for e in names)}
    return _called(tool, arguments, granted, lent, workspace, backend)


def learn(
    tool: Callable, arguments: Mapping[str, Any], *, workspace: str, backend: str = DEFAULT
) -> tuple[Called, tuple[Effect, ...]]:
    """Call it with nothing granted, and draft the effects to declare from what was denied.

    A target that is an argument's value stands as `{param}`. One call shows what that call tried first:
    call again with what was drafted to see what comes after.
    """
    called = _called(tool, arguments, (), {}, workspace, backend)
    drafted = {_generalised(effect, arguments) for effect in called.used}
    if sum(effect.kind == "run" for effect in drafted) > 1:
        drafted.discard(Effect("run", "*"))  # the fork before the program, which names itself
    return called, tuple(sorted(drafted))


def _generalised(effect: Effect, arguments: Mapping[str, Any]) -> Effect:
    for name in arguments:
        wanted = Effect(effect.kind, "{" + name + "}", effect.qualifier)
        if effect in wanted.bind(arguments):
            return wanted
    return effect


def _called(
    tool: Callable,
    arguments: Mapping[str, Any],
    granted: tuple[Effect, ...],
    lent: Mapping[str, str],
    workspace: str,
    backend: str,
) -> Called:
    if not os.path.isdir(workspace):
        raise UsageError(f"workspace '{workspace}' is no folder", hint="name an existing folder")
    policy = Policy(effects=granted, workspace=os.path.abspath(workspace), env=lent)
    sent = {name: _sent(value, tool.inputs.get(name, {}), name) for name, value in arguments.items()}
    code, entry = tool.code, tool.entry
    if media.wants_media(tool.inputs, tool.output_type):
        code, entry = media.with_door(code, entry, tool.output_type), media.ENTRY
    with Sandbox(backend=backend) as sandbox:
        seen = sandbox.call(code, CallTool(entry, sent), policy)
    value, error = _outcome(seen)
    used = tuple(sorted({o.effect for o in seen.effects}))
    return Called(
        tool=tool.name,
        value=value,
        error=error,
        declared=tool.declared,
        granted=granted,
        used=used,
        beyond=uncovered(used, by=granted),
        written=() if error else tuple(c.path for c in hand_over(seen.changes, policy).applied),
        stdout=seen.stdout,
        seconds=seen.usage.wall,
        tier=seen.isolation.tier,
        layers=seen.isolation.layers,
        backend=seen.isolation.backend,
        unknown=seen.unknown,
    )


def _sent(value: Any, schema: Mapping[str, Any], name: str) -> Any:
    """An argument as the sandbox takes it: for an image, a path is the caller's own file. Raises UsageError."""
    try:
        if schema.get("type") == "image" and isinstance(value, str) and os.path.isfile(value):
            return media.image_file(value)
        if schema.get("type") == "audio" and isinstance(value, str) and os.path.isfile(value):
            return media.sound_file(value)
        told = media.outgoing(value)
    except (media.MediaError, OSError) as error:
        raise UsageError(
            f"argument '{name}' {error}", hint="name a PNG, JPEG or WAV file of a usual size"
        ) from error
    return value if told is None else told


def _kept(value: Mapping[str, Any]) -> tuple[Any, str]:
    """An image or sound that came out, as a file of the temporary folder: (its path, an error)."""
    try:
        made = media.incoming(value)
    except media.MediaError as error:
        return None, f"returned what {error}"
    data, suffix = (media.wav(*made), ".wav") if isinstance(made, tuple) else (media.png(made), ".png")
    with tempfile.NamedTemporaryFile(prefix="toolreg-", suffix=suffix, delete=False) as file:
        file.write(data)
    return file.name, ""


def _outcome(seen: Observation) -> tuple[Any, str]:
    match seen.outcome:
        case Returned(value):
            return _kept(value) if isinstance(value, Mapping) and media.is_incoming(value) else (value, "")
        case Raised(kind, message, line):
            return None, f"{kind}: {message}" + (f" (line {line} of tool.py)" if line else "")
        case Killed(reason):
            return None, f"stopped: {reason}"


def _from_file(path: str, name: str, undeclared: bool) -> Callable:
    tool = one_tool(path, name)
    declared = tool.declared if not undeclared else ()
    if declared is None:
        raise SourceError("declares no effects, so nothing can be granted to it", path=path, line=tool.line,
                          hint="add a `Side effects:` section, or draft it with --learn")  # fmt: skip
    made = bundle(tool)
    return _callable(tool.name, made.code, made.entry, declared)


def _from_hub(ref: str, hub: str, hubs: Hubs) -> Callable:
    verified, _ = fetch_new(parse_ref(ref), hubs(hub), reader().trust, hub=hub)
    predicate = verified.manifest.predicate
    code = verified.files[predicate.tool.file]
    return _callable(predicate.definition.name, code, predicate.tool.entry, predicate.effects.granted())


def _callable(name: str, code: bytes, entry: str, declared: tuple[Effect, ...]) -> Callable:
    source = parse_module("tool.py", code).tool(entry)
    spec = spec_of(source)
    return Callable(name, code, entry, source, spec.inputs, declared, spec.output_type)
