"""From what was recorded of a call to the effects that it had, each with its source and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolreg.effects import Effect, Qualifier
from toolreg.sandbox.backends.linux.egress import Connection, Egress, target_of
from toolreg.sandbox.observation import Change, ObservedEffect
from toolreg.sandbox.policy import Policy


def of_changes(changes: Iterable[Change], policy: Policy) -> Iterator[ObservedEffect]:
    """Writes that the overlay proves. What was not granted was caught there, and is handed to nobody."""
    for change in changes:
        effect = Effect("write", change.path)
        granted = policy.allows(effect)
        if change.kind == "folder" and (granted or leads_to_grant(change.path, policy, "write")):
            continue
        detail = change.kind + ("" if granted else ", not handed over")
        yield ObservedEffect(effect, "done" if granted else "denied", "kernel", detail=detail)


def leads_to_grant(folder: str, policy: Policy, kind: str) -> bool:
    """True for a folder on the way to something granted: it shows nothing else."""
    start = "" if folder == "." else folder.rstrip("/") + "/"
    absolute = folder.startswith("/")
    return any(
        each.target.startswith("/") == absolute and each.target.startswith(start) for each in policy.of(kind)
    )


def of_network(egress: Egress | None) -> Iterator[ObservedEffect]:
    """Hosts that were reached or asked for: the sandbox's own resolver and relay saw them."""
    if egress is None:
        return
    for connection in egress.connections:
        yield _reached(connection)
        yield from _meant(connection)
    for name, count in egress.refused_names.items():
        yield ObservedEffect(Effect("net", name), "denied", "kernel", count, "name not declared")


def _reached(connection: Connection) -> ObservedEffect:
    traffic = connection.traffic
    qualifier: Qualifier = "deletes" if traffic.deletes else "writes" if traffic.changes else ""
    effect = Effect("net", target_of(connection.host, connection.port), qualifier)
    if not connection.granted:
        return ObservedEffect(effect, "denied", "kernel", detail=f"connect to port {connection.port}")
    detail = "; ".join([*traffic.requests[:8], f"{traffic.sent} bytes out, {traffic.received} in"])
    if connection.error:
        return ObservedEffect(effect, "attempt", "kernel", detail=connection.error)
    return ObservedEffect(effect, "done", "kernel", detail=detail)


_LOCAL = ("localhost", "127.0.0.1", "::1")


def _meant(connection: Connection) -> Iterator[ObservedEffect]:
    """Hosts that a request named though the connection goes to another: that one may pass it on."""
    for name in sorted(connection.traffic.hosts):
        if name != connection.host.strip("[]") and not (name in _LOCAL and connection.host in _LOCAL):
            effect = Effect("net", target_of(name, connection.port))
            yield ObservedEffect(
                effect, "attempt", "kernel", detail=f"named in a request to {connection.host}"
            )


def of_account(effects: Iterable[Effect], policy: Policy) -> Iterator[ObservedEffect]:
    """What Python itself told: the tool's own word, which can only add.

    Programs by name only where no program may start: there the kernel sees no more than the fork.
    """
    for effect in effects:
        if effect.kind == "run" and policy.of("run"):
            continue
        yield ObservedEffect(effect, "attempt" if effect.kind == "run" else "done", "python")


def merged(proven: Iterable[ObservedEffect], told: Iterable[ObservedEffect]) -> Iterator[ObservedEffect]:
    """Both, without those system calls whose effect the kernel's own record already tells."""
    known = set()
    for each in proven:
        known.add((each.effect.kind, each.effect.target))
        yield each
    for each in told:
        if (each.effect.kind, each.effect.target) not in known:
            yield each


def together(effects: Iterable[ObservedEffect]) -> tuple[ObservedEffect, ...]:
    """Each effect once per verdict and source, with its count; the first detail stands."""
    found: dict[tuple[Effect, str, str], ObservedEffect] = {}
    for each in effects:
        key = (each.effect, each.verdict, each.source)
        before = found.get(key)
        count = each.count + (before.count if before else 0)
        detail = before.detail if before else each.detail
        found[key] = ObservedEffect(each.effect, each.verdict, each.source, count, detail)
    return tuple(found[key] for key in sorted(found))
