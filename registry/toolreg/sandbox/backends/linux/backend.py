"""The Linux sandbox: a call staged, sent to the fork server, watched until its end, told as an Observation."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Sequence
from functools import lru_cache

from toolreg.errors import HarnessError
from toolreg.sandbox.backends.linux import hostile, interpreter, seen, seen_calls
from toolreg.sandbox.backends.linux.jail import stub, wire
from toolreg.sandbox.backends.linux.overlay import OverlayStage
from toolreg.sandbox.backends.linux.scratch import ScratchStage
from toolreg.sandbox.backends.linux.server import SCRATCH, Pipes, Server
from toolreg.sandbox.backends.linux.supervise import Record, Supervisor
from toolreg.sandbox.observation import Change, Isolation, Killed, Level, Observation, Outcome, Tier, Usage
from toolreg.sandbox.policy import Call, Policy

Stage = OverlayStage | ScratchStage
_AT_ONCE = 32  # more calls wait for their turn: each holds a dozen descriptors


class Linux:
    """Calls in fresh children of a fork server.

    One server with the stand-in of smolagents, one with the real package.
    """

    def __init__(self, tier: Tier, layers: dict[str, Level], preload: Sequence[str] = ()) -> None:
        self._tier: Tier = tier
        self._layers = layers
        self._preload = tuple(preload)
        self._servers: dict[bool, Server] = {}
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._scratch = tempfile.mkdtemp(prefix=SCRATCH) if tier == "B" else ""

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        with self._slots:
            return self._call(code, request, policy)

    def _call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        stage = self._stage(policy, request)
        record: Record | None = None
        try:
            payload = wire.write_payload(stage.plan, code)
            try:
                pipes = self._submit(payload, needs_real_package(code), alone=not policy.of("run"))
            finally:
                os.close(payload)
            supervisor = Supervisor(
                pipes, policy, tier=self._tier, disk_used=stage.disk_used, own_files=stage.top
            )
            record = supervisor.record
            supervisor.run()
            return self._observation(record, stage.changes(record), policy, stage)
        finally:
            stage.close(record or Record.empty())

    def _submit(self, payload: int, real: bool, *, alone: bool) -> Pipes:
        """To a fork server; to a new one if that has just died, for then nothing of the call has run."""
        server = self._server(real)
        try:
            return server.submit(payload, alone=alone)
        except HarnessError:
            if server.alive():
                raise
            return self._server(real).submit(payload, alone=alone)

    def close(self) -> None:
        with self._lock:
            for server in self._servers.values():
                server.close()
            self._servers.clear()
            if self._scratch:
                shutil.rmtree(self._scratch, ignore_errors=True)

    def pids(self) -> tuple[int, ...]:
        return tuple(server.pid for server in self._servers.values())

    def start(self) -> None:
        """Bring the fork server up now rather than at the first call."""
        self._server(False)

    def _stage(self, policy: Policy, request: Call) -> Stage:
        layers = tuple(self._layers)
        if self._tier == "A":
            return OverlayStage(policy, request, layers)
        os.makedirs(self._scratch, mode=0o700, exist_ok=True)
        return ScratchStage(policy, request, layers, self._scratch)

    def _server(self, real: bool) -> Server:
        view = interpreter.view(moved_apart=self._tier == "A")
        with self._lock:
            server = self._servers.get(real)
            if server is None or not server.alive():
                if server is not None:
                    server.close()
                server = self._servers[real] = Server(
                    view, preload=self._preload, real_smolagents=real, tier=self._tier, scratch=self._scratch
                )
            return server

    def _observation(
        self, record: Record, changes: tuple[Change, ...], policy: Policy, stage: Stage
    ) -> Observation:
        watch = record.watch
        scene = seen_calls.Scene(policy, stage.plan, record.egress, stage.folder, stage.private)
        proven = (*seen.of_changes(changes, policy), *seen.of_network(record.egress))
        told = [*seen_calls.of_events(watch.events if watch else [], scene)]
        told += seen.of_account(hostile.account(bytes(record.result.data)), policy)
        return Observation(
            outcome=outcome(record),
            effects=seen.together(seen.merged(proven, told)),
            stdout=_text(record.stdout.data),
            stderr=_text(record.stderr.data),
            truncated=record.stdout.truncated or record.stderr.truncated,
            changes=changes,
            usage=_usage(record),
            isolation=Isolation(self._tier, self._layers),
            unseen=("env",) if watch else ("env", "read", "run", "listen"),
        )


def _usage(record: Record) -> Usage:
    sent: dict[str, int] = {}
    received: dict[str, int] = {}
    for each in record.egress.connections if record.egress else []:
        key = f"{each.host}:{each.port}"
        sent[key] = sent.get(key, 0) + each.traffic.sent
        received[key] = received.get(key, 0) + each.traffic.received
    watch = record.watch
    events = (watch.seen, watch.dropped) if watch else (0, 0)
    return Usage(record.wall, record.cpu, record.memory, sent, received, *events)


def outcome(record: Record) -> Outcome:
    """How the call ended: killed from outside, ended by a signal, or what its result says."""
    if record.killed:
        return Killed(record.killed)
    if record.result.data:
        return hostile.outcome(bytes(record.result.data))
    status = record.status
    if status is None:
        return Killed("signal 9")
    if status < 0:
        # The first process of a namespace gets no SIGXCPU, and any other may ignore it.
        spent = -status == signal.SIGXCPU or (-status == signal.SIGKILL and record.cpu >= record.most_cpu)
        return Killed("cpu" if spent else f"signal {-status}")
    return Killed(f"exit {status}")


@lru_cache(maxsize=64)
def needs_real_package(code: bytes) -> bool:
    """True if the file imports something of smolagents that the stand-in lacks. Judged without importing."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "smolagents":
            known = node.module in ("smolagents", "smolagents.tools")
            if not known or any(alias.name not in stub.NAMES for alias in node.names):
                return True
        if isinstance(node, ast.Import) and any(alias.name.startswith("smolagents.") for alias in node.names):
            return any(alias.name not in ("smolagents", "smolagents.tools") for alias in node.names)
    return False


def _text(data: bytes | bytearray) -> str:
    return bytes(data).decode("utf-8", "replace")
