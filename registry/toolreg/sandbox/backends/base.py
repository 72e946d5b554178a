"""What every way of running a call offers: three methods."""

from __future__ import annotations

from typing import Protocol

from toolreg.sandbox.observation import Observation
from toolreg.sandbox.policy import Call, Policy
from toolreg.sandbox.probe import Probe


class Backend(Protocol):
    """A place where calls run. Calls may come from several threads."""

    name: str

    def probe(self) -> Probe:
        """What it holds and sees here: capability → level, mechanism, reason. Raises SandboxUnavailable."""

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        """Run one call of the tool in `code`. Raises PolicyError where the policy cannot be granted, HarnessError."""

    def close(self) -> None:
        """End everything that it started."""
