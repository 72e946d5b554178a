"""What was seen of one call: its outcome, its effects, what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from toolreg.effects import Effect
from toolreg.sandbox.policy import JSON

Verdict = Literal["done", "denied", "attempt"]
Source = Literal["kernel", "syscall", "python"]
Level = Literal["enforced", "mediated", "best effort", "absent"]
Tier = Literal["A", "B", "C", "none"]
ChangeKind = Literal["created", "changed", "deleted", "folder", "symlink", "special"]


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """One doctest source: the text it printed, or the exception it raised (then `error` is its type's name)."""

    output: str
    error: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """The tool returned. `faithful` is False where the value had to be shown as text, because JSON lacks it.

    After RunExamples `examples` holds one ExampleRun a source and `value` is None.
    """

    value: JSON
    type_name: str
    faithful: bool = True
    examples: tuple[ExampleRun, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """The tool raised. line: 1-based line in the tool's file, 0 where the code could not be run at all."""

    type: str
    message: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Killed:
    """The call was ended: timeout, cpu, memory, output, result, "signal N", or "exit N" for a silent end."""

    reason: str


Outcome = Returned | Raised | Killed


@dataclass(frozen=True, slots=True)
class ObservedEffect:
    """An effect that was seen, and how sure that is.

    verdict: done, denied (tried and stopped), attempt (tried; whether it succeeded was not seen).
    source: `kernel` cannot be forged; `syscall` cannot be hidden, but a racing thread can lie about a path;
    `python` is the tool's own word.
    """

    effect: Effect
    verdict: Verdict
    source: Source
    count: int = 1
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that the call left in its overlay. path: as in effects; data: the new content.

    kind: created, changed, deleted, folder, symlink (data holds its target), special (device, fifo, socket).
    """

    kind: ChangeKind
    path: str
    size: int = 0
    mode: int = 0o644
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the call used: seconds, bytes, and bytes sent and received for each `host:port`."""

    wall: float = 0.0
    cpu: float = 0.0
    peak_memory: int = 0
    sent: Mapping[str, int] = field(default_factory=dict)
    received: Mapping[str, int] = field(default_factory=dict)
    events: int = 0
    events_dropped: int = 0


@dataclass(frozen=True, slots=True)
class Isolation:
    """What held this call: the tier, and each layer with its level. Unlisted means absent.

    tier: A and B are this kernel's own layers, C another boundary (a container, a virtual machine, WebAssembly),
    `none` no boundary at all. backend: which one it was.
    """

    tier: Tier
    layers: Mapping[str, Level]
    backend: str = "linux"


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything known about one call. `unseen` names the kinds of effect that could not be watched.

    `unknown` names those of them that nothing held back either: no judgement can rest on such a call.
    """

    outcome: Outcome
    effects: tuple[ObservedEffect, ...]
    stdout: str
    stderr: str
    truncated: bool
    changes: tuple[Change, ...]
    usage: Usage
    isolation: Isolation
    unseen: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def of(self, kind: str, *verdicts: Verdict) -> tuple[Effect, ...]:
        """Observed effects of a kind, optionally only with these verdicts."""
        return tuple(
            o.effect
            for o in self.effects
            if o.effect.kind == kind and (not verdicts or o.verdict in verdicts)
        )
