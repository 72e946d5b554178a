"""A verified tool as smolagents wants it; every call runs in the sandbox under what the manifest promises."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from smolagents import Tool  # type: ignore[import-untyped]

from toolreg.contract import parse_module
from toolreg.contract.grants import grant
from toolreg.effects import Effect
from toolreg.errors import UsageError
from toolreg.harness import media
from toolreg.load import warm
from toolreg.load.door import MIB, Pages, arguments_in, pages_of, value_out
from toolreg.load.failure import ToolFailed
from toolreg.manifest import Verified
from toolreg.sandbox import (
    CallTool,
    Killed,
    Limits,
    Observation,
    Policy,
    Raised,
    Returned,
    Sandbox,
    hand_over,
)
from toolreg.sandbox.policy import Network


@dataclass(frozen=True, slots=True)
class Room:
    """What the reader lends to a tool's calls, beyond nothing.

    workspace: host folder for relative paths; None is an empty one. env: where the values of declared
    variables are looked up, e.g. `os.environ`; others never pass. network: None is the real one. A result may
    hold 256 MiB, unless `limits` say otherwise.
    """

    workspace: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: Limits(result=256 * MIB))
    network: Network | None = None
    ca_file: str | None = None


class SandboxedTool(Tool):  # type: ignore[misc]  # smolagents has no types
    """A smolagents tool whose code never runs in this process.

    name, description, inputs and output_type come from the verified manifest. Calling it gives the
    result, or raises ToolFailed. `last` is the observation of the newest call, `code` the verified bytes of
    its file, `effects` what every call is granted from. A tool with a `setup` of its own keeps its process, and with
    it its state, from call to call (see toolreg.load.warm).
    """

    skip_forward_signature_validation = True

    def __init__(
        self, verified: Verified, *, room: Room | None = None, sandbox: Sandbox | None = None
    ) -> None:
        predicate = verified.manifest.predicate
        self.manifest = verified.manifest
        self.signer = verified.signer
        self.name = predicate.definition.name
        self.description = predicate.definition.description
        self.inputs = {name: dict(schema) for name, schema in predicate.definition.inputs.items()}
        self.output_type = predicate.definition.output_type
        self.output_schema = predicate.definition.output_schema
        self.effects: tuple[Effect, ...] = predicate.effects.granted()
        self.last: Observation | None = None
        self.code = verified.files[predicate.tool.file]
        self.source = parse_module(predicate.tool.file, self.code).tool(predicate.tool.entry)
        self._room = room or Room()
        self._sandbox = sandbox
        self._warm: warm.Host | None = None
        super().__init__()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Run one call. Images and sound of smolagents' types may go in and come out. Raises ToolFailed."""
        return value_out(self._call(args, kwargs), self.name)

    def pages(self, *args: Any, page: int = MIB, **kwargs: Any) -> Pages:
        """Run one call and give its result in pages: pieces of a text, parts of a list. Raises ToolFailed.

        page: characters that a page holds at most, or one row where that is longer.
        """
        return pages_of(self._call(args, kwargs, page), self.name)

    def _call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], page: int = 0) -> Any:
        arguments = arguments_in(self._arguments(args, kwargs), self.name)
        policy = policy_for(grant(self.source, arguments, self.effects), self._room)
        if self._stays():
            observation = self._host(policy).call(arguments, page)
        else:
            sandbox = self._sandbox or shared_sandbox()
            observation = sandbox.call(self._door(page=page), CallTool(media.ENTRY, arguments), policy)
        self.last = observation
        return self._result(observation, policy)

    def _door(self, *, page: int = 0, stays: bool = False) -> bytes:
        wants = media.wants_media(self.inputs, self.output_type)
        entry = self.manifest.predicate.tool.entry
        return media.with_door(self.code, entry, self.output_type, media=wants, page=page, stays=stays)

    def _stays(self) -> bool:
        """True for a tool that keeps its process: it asks to, and runs in this kernel's own sandbox."""
        ours = self._sandbox is None or (
            self._sandbox.backend == "linux" and self._sandbox.tier in ("A", "B")
        )
        return ours and warm.stays(self.source, self.effects, self.code)

    def _host(self, policy: Policy) -> warm.Host:
        with _making:
            if self._warm is None:
                self._warm = warm.Host(self._door(stays=True), policy)
            return self._warm

    def close(self) -> None:
        """End the process of a tool that stays between calls; the next call starts anew."""
        if self._warm is not None:
            self._warm.close()

    def to_dict(self) -> dict[str, Any]:
        """Refuses: saved as plain code it would run without its sandbox."""
        raise UsageError(
            f"{self.name} is published already and is not saved again",
            hint=f"name it: {self.manifest.predicate.tool.repository}, and load it with toolreg.load_tool",
        )

    def _arguments(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        if len(args) > len(self.inputs):
            raise ToolFailed(
                f"{self.name} takes {len(self.inputs)} arguments, not {len(args)}", hint=self._usage()
            )
        given = dict(zip(self.inputs, args, strict=False))
        twice, unknown = sorted(given.keys() & kwargs.keys()), sorted(kwargs.keys() - self.inputs.keys())
        if twice or unknown:
            fault = f"argument '{twice[0]}' twice" if twice else f"no argument '{unknown[0]}'"
            raise ToolFailed(
                f"{self.name} takes {fault}" if unknown else f"{self.name} was given {fault}",
                hint=self._usage(),
            )
        given.update(kwargs)
        missing = [n for n, schema in self.inputs.items() if n not in given and not schema.get("nullable")]
        if missing:
            raise ToolFailed(f"{self.name} needs the argument '{missing[0]}'", hint=self._usage())
        return given

    def _needs(self) -> str:
        """The distributions it asks for besides smolagents, as pip takes them."""
        wanted = (r for r in self.manifest.predicate.requirements if r.name != "smolagents")
        return " ".join(f"'{r.name}{r.specifier}'" for r in wanted)

    def _usage(self) -> str:
        return f"{self.name}({', '.join(self.inputs)})"

    def _result(self, observation: Observation, policy: Policy) -> Any:
        denied = _denied(observation)
        match observation.outcome:
            case Returned(value, type_name, faithful):
                if not faithful and self.output_type not in ("string", "any"):
                    raise ToolFailed(
                        f"{self.name} returned a {type_name}, which cannot leave the sandbox",
                        hint="the tool's author must return JSON values", observation=observation,
                    )  # fmt: skip
                put_back(self.name, observation, policy)
                return value
            case Raised("ModuleNotFoundError", message, _) if self._needs():
                raise ToolFailed(
                    f"{self.name} lacks a module: {message}",
                    hint=f"pip install {self._needs()}",
                    observation=observation,
                )
            case Raised(type, message, _):
                raise ToolFailed(
                    f"{self.name} raised {type}: {message}{denied}",
                    hint=self._usage(),
                    observation=observation,
                )
            case Killed("result"):
                most = policy.limits.result
                raise ToolFailed(
                    f"{self.name} returned more than {most // MIB or 1} MiB, or nothing that can be read",
                    hint="ask for less, or lend it Room(limits=Limits(result=…)) in bytes", observation=observation,
                )  # fmt: skip
            case Killed(reason):
                raise ToolFailed(
                    f"{self.name} was stopped: {reason}{denied}", hint=self._usage(), observation=observation
                )


def put_back(name: str, observation: Observation, policy: Policy) -> None:
    """Put what the call wrote where the reader wants it. A write into the workspace is never lost in silence."""
    for change, why in hand_over(observation.changes, policy).refused:
        if why == "not declared" and (change.path.startswith("/") or change.kind == "folder"):
            continue  # scratch of its own, gone with the call
        raise ToolFailed(
            f"{name}: {change.path} was not written: {'not promised' if why == 'not declared' else why}",
            hint="lend it a folder with Room(workspace=…), and name a file it promises to write", observation=observation,
        )  # fmt: skip


def policy_for(granted: tuple[Effect, ...], room: Room) -> Policy:
    """The policy of one call: what it was granted, and of the reader's variables those it may read."""
    readable = [e for e in granted if e.kind == "env"]
    env = {
        name: value
        for name, value in room.env.items()
        if any(e.covers(Effect("env", name)) for e in readable)
    }
    return Policy(granted, room.workspace, env, room.limits, room.network, room.ca_file)


_shared: list[Sandbox] = []
_making = Lock()


def shared_sandbox() -> Sandbox:
    """One sandbox for every loaded tool of this process, made on the first call and ended with it."""
    with _making:
        if not _shared:
            sandbox = Sandbox()
            atexit.register(sandbox.close)
            _shared.append(sandbox)
        return _shared[0]


def _denied(observation: Observation) -> str:
    """What the tool was seen to try beyond its promise, for the one line of an error."""
    tried = sorted({str(o.effect) for o in observation.effects if o.verdict == "denied"})
    return f" (it may not {', '.join(tried[:3])}{' …' if len(tried) > 3 else ''})" if tried else ""
