"""What one call is granted, and what it is asked to do."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from toolreg.effects import Effect
from toolreg.errors import SandboxError
from toolreg.sandbox.limits import Limits

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]


class PolicyError(SandboxError):
    """A policy that contradicts itself or cannot be granted."""

    exit_code = 2


class Network(Protocol):
    """Answers in place of the Internet: recorded responses, a test server.

    Only asked for hosts and ports that the policy grants. Runs outside the sandbox, in a thread of its own.
    """

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected stream socket that plays `host`. Raises OSError where there is no answer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Exactly what one call may do: its effects, already bound to the call's arguments.

    effects: no `{param}` left in them. Relative read and write targets lie below `workspace`, a host folder
    that is the working folder `/work` inside; absolute ones keep their path. Writes go to an overlay:
    nothing on the host changes until `hand_over`. env: values for the declared env names, others are not
    passed on. network: None dials the real host; else the object that answers in its place.
    ca_file: a PEM file of an authority that the call trusts besides (for recorded https answers).
    """

    effects: tuple[Effect, ...] = ()
    workspace: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    network: Network | None = None
    ca_file: str | None = None

    def __post_init__(self) -> None:
        unbound = [str(e) for e in self.effects if e.parameters]
        if unbound:
            raise PolicyError(
                f"effects are not bound to a call: {', '.join(unbound)}", hint="use Effect.bind(arguments)"
            )

    def of(self, kind: str) -> tuple[Effect, ...]:
        """The granted effects of one kind."""
        return tuple(e for e in self.effects if e.kind == kind)

    def allows(self, effect: Effect) -> bool:
        """True if something granted covers it."""
        return any(e.covers(effect) for e in self.effects)


@dataclass(frozen=True, slots=True)
class CallTool:
    """Call one tool. entry: class or function of the file; the first Tool subclass if empty."""

    entry: str
    arguments: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class RunExamples:
    """Run doctest sources in one shared namespace where the tool is bound as `name`.

    Nothing is compared here: what each printed comes back as `ExampleRun`, and is judged outside.
    """

    entry: str
    name: str
    sources: tuple[str, ...]


Call = CallTool | RunExamples
