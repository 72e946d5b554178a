"""Load tools: one by name, or all that a lock holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from toolreg.errors import UsageError
from toolreg.load.fetch import Fetch, FetchFrom, fetch_locked, fetch_new, parse_ref
from toolreg.load.lock import Lock
from toolreg.load.manage import only_names
from toolreg.load.sandboxed import Room, SandboxedTool
from toolreg.load.store import Store
from toolreg.load.trust import TrustPolicy
from toolreg.manifest import Trust
from toolreg.sandbox import Sandbox


def load_tool(
    ref: str,
    *,
    fetch: Fetch,
    trust: Trust,
    room: Room | None = None,
    sandbox: Sandbox | None = None,
    now: datetime | None = None,
) -> SandboxedTool:
    """Fetch a tool, verify it, and give it as a smolagents tool whose calls run in the sandbox.

    ref: `namespace/name[@revision]`. Raises HubError, VerificationError.
    """
    verified, _ = fetch_new(parse_ref(ref), fetch, trust, hub="", now=now)
    return SandboxedTool(verified, room=room, sandbox=sandbox)


def load_tools(
    lock: Lock,
    names: Sequence[str] = (),
    *,
    store: Store,
    policy: TrustPolicy,
    fetch_from: FetchFrom | None = None,
    room: Room | None = None,
    sandbox: Sandbox | None = None,
    now: datetime | None = None,
) -> list[SandboxedTool]:
    """Tools for exactly the locked bytes: those named, or all. Raises VerificationError naming what differs.

    fetch_from: a Hub's name → how to read it, asked only for what the store lacks; None for offline.
    Nothing is given unless everything holds.
    """
    entries = only_names(lock, names)
    called = [entry.name for entry in entries]
    twice = next((name for name in called if called.count(name) > 1), None)
    if twice:
        raise UsageError(
            f"two locked tools are called {twice}",
            hint="an agent could not tell them apart; name the one you want",
        )
    verified = [
        fetch_locked(e, store, fetch_from(e.hub) if fetch_from else None, policy, now=now) for e in entries
    ]
    return [SandboxedTool(v, room=room, sandbox=sandbox) for v in verified]
