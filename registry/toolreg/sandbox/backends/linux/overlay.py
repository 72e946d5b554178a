"""Tier A's way with files: mounts show what is granted, an overlay catches what is written."""

from __future__ import annotations

import os
from typing import Any

from toolreg.sandbox.backends.linux import interpreter, plan, upper
from toolreg.sandbox.backends.linux.supervise import Record
from toolreg.sandbox.observation import Change
from toolreg.sandbox.policy import Call, Policy


class OverlayStage:
    """The files of one call. `plan` is what the child carries out; `folder` is where it works."""

    folder = "/work"
    top = None
    private = ("/tmp", "/dev/shm")

    def __init__(self, policy: Policy, request: Call, layers: tuple[str, ...]) -> None:
        self._policy = policy
        watched = "notify" in layers
        self.plan: dict[str, Any] = plan.make(
            policy, request, interpreter.view(), watched=watched, layers=layers
        )

    disk_used = None

    def changes(self, record: Record) -> tuple[Change, ...]:
        """What the call changed, sorted by path."""
        before = upper.Before(self._policy.workspace)
        targets = [root["target"] for root in self.plan["roots"]]
        found = [
            change
            for number, target in zip(record.uppers, targets, strict=True)
            for change in upper.changes(number, target, before)
        ]
        return tuple(sorted(found, key=lambda change: change.path))

    def close(self, record: Record) -> None:
        for number in record.uppers:
            os.close(number)
