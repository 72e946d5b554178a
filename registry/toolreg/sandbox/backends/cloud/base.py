"""What the rented machines have in common: an archive goes in, an answer comes out, the machine is ended."""

from __future__ import annotations

import importlib.util
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from toolreg.effects import split_host
from toolreg.errors import HarnessError, SandboxUnavailable, ToolregError
from toolreg.sandbox.backends.guest import answers, codec, parcel
from toolreg.sandbox.observation import Isolation, Killed, Level, Observation
from toolreg.sandbox.policy import Call, Policy, PolicyError
from toolreg.sandbox.probe import Capability, Probe

_AT_ONCE = 4
_START_SECONDS = 120.0
EVERYTHING = "*"


class Machine(Protocol):
    """One rented machine, running."""

    def exchange(self, archive: bytes, seconds: float) -> bytes:
        """Run BOOT on the archive and give its answer. Raises TimeoutError; a provider's SDK may raise anything."""

    def end(self) -> None:
        """Give it back. May be called twice."""


class Cloud(ABC):
    """Machines of one provider. Raises SandboxUnavailable where its SDK is not installed."""

    name: str
    package: str  # the module of its SDK
    layers: Mapping[str, Capability]

    def __init__(self) -> None:
        if importlib.util.find_spec(self.package) is None:
            raise SandboxUnavailable(
                f"the package {self.package} is not installed",
                hint=f"pip install 'smolagents-toolreg[{self.name}]', and log in there",
            )
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._open: set[int] = set()

    @abstractmethod
    def open(self, hosts: tuple[str, ...], seconds: int, memory: int) -> Machine:
        """Rent a machine that reaches these hosts (`*`: all) and no other, for so many seconds at most."""

    def probe(self) -> Probe:
        """What the provider is asked for. No machine is rented to see whether it keeps its word."""
        return Probe(
            self.layers, "C", "as the provider says; `toolreg sandbox check` tries it, on a paid machine"
        )

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        files = parcel.granted_files(policy)
        if files.outside:
            raise PolicyError(
                f"{next(iter(files.outside))} lies outside the workspace, and stays on this machine",
                hint="copy it into the workspace, or use --backend linux",
            )
        if policy.of("net") and policy.network is not None:
            raise PolicyError(
                f"{self.name} cannot be given recorded answers: its machines reach only real hosts",
                hint="check tools with `net` in the linux or docker backend",
            )
        data = parcel.pack(code, request, policy, parcel=files, program=True)
        seconds = policy.limits.wall + _START_SECONDS
        with self._slots:
            begin = time.monotonic()
            told = self._exchanged(data, policy, seconds)
            return self._observation(told, policy, time.monotonic() - begin)

    def close(self) -> None:
        """Every call ends its own machine; what could not be ended is told by `left`."""
        self._slots = threading.BoundedSemaphore(_AT_ONCE)

    def left(self) -> frozenset[str]:
        """Machines that were rented and not given back."""
        return frozenset(f"{self.name} machine {number}" for number in self._open)

    def _exchanged(self, data: bytes, policy: Policy, seconds: float) -> bytes | Killed:
        machine = self._rented(policy, int(seconds) + 30)
        self._open.add(id(machine))
        try:
            answer = machine.exchange(data, seconds)
        except TimeoutError:
            return Killed("timeout")
        except ToolregError:
            raise
        except Exception as error:  # a provider's SDK may raise anything
            raise HarnessError(f"{self.name}: {_line(error)}", hint="run it again") from error
        finally:
            self._given_back(machine)
        return Killed("result") if len(answer) > codec.most(policy.limits) else answer

    def _rented(self, policy: Policy, seconds: int) -> Machine:
        hosts = sorted({split_host(e.target)[0] for e in policy.of("net")})
        try:
            return self.open(tuple(hosts), seconds, policy.limits.memory)
        except Exception as error:  # a provider's SDK may raise anything
            raise SandboxUnavailable(
                f"{self.name} gives no machine: {_line(error)}",
                hint=f"log in to {self.name}, or use --backend linux",
            ) from error

    def _given_back(self, machine: Machine) -> None:
        try:
            machine.end()
        except Exception as error:  # a provider's SDK may raise anything
            raise HarnessError(
                f"{self.name} did not take its machine back: {_line(error)}",
                hint="end it in the provider's console",
            ) from error
        self._open.discard(id(machine))

    def _observation(self, told: bytes | Killed, policy: Policy, wall: float) -> Observation:
        found = answers.ended(told, wall) if isinstance(told, Killed) else answers.observation(told)
        layers: dict[str, Level] = {
            name: each.level for name, each in self.layers.items() if each.level != "absent"
        }
        inner = {name: level for name, level in found.isolation.layers.items() if name not in layers}
        unknown = found.unknown
        if "seccomp" not in inner and not policy.of("net") and layers.get("network") != "enforced":
            unknown = (*unknown, "net")
        return replace(found, isolation=Isolation("C", layers | inner, self.name), unknown=unknown)


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
