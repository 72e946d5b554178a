"""The full sandbox: namespaces, a root of its own, Landlock, seccomp, an own network, one fresh child a call."""

from __future__ import annotations

import ast
import os
import signal
import threading
from collections.abc import Sequence
from typing import Any

from toolreg.sandbox.backends.linux import hostile, interpreter, plan, seen, seen_calls, upper
from toolreg.sandbox.backends.linux.jail import stub, wire
from toolreg.sandbox.backends.linux.server import Server
from toolreg.sandbox.backends.linux.supervise import Record, Supervisor
from toolreg.sandbox.observation import Change, Isolation, Killed, Level, Observation, Outcome, Usage
from toolreg.sandbox.policy import Call, Policy


class TierA:
    """Calls in fresh namespaces. One zygote with the stand-in of smolagents, one with the real package on demand."""

    def __init__(self, layers: dict[str, Level], preload: Sequence[str] = ()) -> None:
        self._layers = layers
        self._preload = tuple(preload)
        self._view = interpreter.view()
        self._servers: dict[bool, Server] = {}
        self._lock = threading.Lock()

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        layers = tuple(self._layers)
        made = plan.make(policy, request, self._view, watched="notify" in self._layers, layers=layers)
        payload = wire.write_payload(made, code)
        try:
            pipes = self._server(needs_real_package(code)).submit(payload)
        finally:
            os.close(payload)
        supervisor = Supervisor(pipes, policy)
        record = supervisor.record
        try:
            supervisor.run()
            changes = _changes(record, [root["target"] for root in made["roots"]], policy)
        finally:
            for number in record.uppers:
                os.close(number)
        return self._observation(record, changes, policy, made)

    def close(self) -> None:
        with self._lock:
            for server in self._servers.values():
                server.close()
            self._servers.clear()

    def pids(self) -> tuple[int, ...]:
        return tuple(server.pid for server in self._servers.values())

    def start(self) -> None:
        """Bring the fork server up now rather than at the first call."""
        self._server(False)

    def _server(self, real: bool) -> Server:
        with self._lock:
            server = self._servers.get(real)
            if server is None or not server.alive():
                if server is not None:
                    server.close()
                server = self._servers[real] = Server(self._view, preload=self._preload, real_smolagents=real)
            return server

    def _observation(self, record: Record, changes: tuple[Change, ...], policy: Policy, made: dict[str, Any]) -> Observation:
        watch = record.watch
        events = watch.events if watch else []
        scene = seen_calls.Scene(policy, made, record.egress)
        proven = (*seen.of_changes(changes, policy), *seen.of_network(record.egress))
        effects = seen.together(seen.merged(proven, seen_calls.of_events(events, scene)))
        connections = record.egress.connections if record.egress else []
        sent: dict[str, int] = {}
        received: dict[str, int] = {}
        for each in connections:
            key = f"{each.host}:{each.port}"
            sent[key] = sent.get(key, 0) + each.traffic.sent
            received[key] = received.get(key, 0) + each.traffic.received
        return Observation(
            outcome=outcome(record),
            effects=effects,
            stdout=_text(record.stdout.data),
            stderr=_text(record.stderr.data),
            truncated=record.stdout.truncated or record.stderr.truncated,
            changes=changes,
            usage=Usage(record.wall, record.cpu, record.memory, sent, received, watch.seen if watch else 0, watch.dropped if watch else 0),
            isolation=Isolation("A", self._layers),
            unseen=("env",) if watch else ("env", "read", "run", "listen"),
        )


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
        return Killed("cpu" if -status == signal.SIGXCPU else f"signal {-status}")
    return Killed(f"exit {status}")


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


def _changes(record: Record, targets: list[str], policy: Policy) -> tuple[Change, ...]:
    before = upper.Before(policy.workspace)
    found = (change for number, target in zip(record.uppers, targets, strict=True) for change in upper.changes(number, target, before))
    return tuple(sorted(found, key=lambda change: change.path))


def _text(data: bytes | bytearray) -> str:
    return bytes(data).decode("utf-8", "replace")
