"""The process that runs the tool: confined layer by layer, then given the code."""

from __future__ import annotations

import os
import socket
from typing import Any, NoReturn

from . import confine, landlock, libc, seccomp, tool, view, wire
from .wire import Descriptors


def main(
    plan: dict[str, Any],
    source: bytes,
    descriptors: Descriptors,
    control: socket.socket,
    template: view.Template,
    handshake: tuple[int, int] | None,
) -> NoReturn:
    """Give up everything that the plan does not grant, then run the call. Never returns."""
    try:
        os.setsid()
        if handshake is not None:
            _own_user(*handshake)
        _confine(plan, descriptors, control, template)
    except BaseException as error:  # noqa: BLE001 - nothing may run half confined
        wire.send(control, {"kind": "fault", "error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    try:
        tool.serve(plan["call"], source, descriptors.result)
    finally:  # never back into the code that forked this process
        os._exit(1)


def _signals_need_a_filter(plan: dict[str, Any]) -> bool:
    """Without namespaces signals are kept in by Landlock; where it cannot, or nothing else runs, by number."""
    return "paths" in plan and (not plan["processes"] or landlock.version() < landlock.SCOPES_SIGNALS)


def _own_user(tell: int, wait: int) -> None:
    """A user namespace without rights over the mounts; then the first process closes the tree, and says so."""
    libc.unshare(libc.CLONE_NEWUSER)
    confine.own_user()
    os.write(tell, b"!")
    if not os.read(wait, 1):
        os._exit(1)


def _confine(
    plan: dict[str, Any], descriptors: Descriptors, control: socket.socket, template: view.Template
) -> None:
    confine.streams(descriptors.stdout, descriptors.stderr, {descriptors.result, control.fileno()})
    confine.environment(plan["env"])
    os.chdir(plan["cwd"])
    rules = landlock.Rules(**plan["paths"]) if "paths" in plan else view.rules(plan, template)
    code = seccomp.assemble(
        seccomp.Filter(
            processes=plan["processes"],
            watched=plan["watched"],
            own_network="paths" not in plan,
            signals_to=os.getpid() if _signals_need_a_filter(plan) else 0,
            count_tasks=plan["count_tasks"],
            truncation=landlock.version() >= landlock.KNOWS_TRUNCATION,
        )
    )
    confine.limits(plan["limits"])
    confine.powerless()
    if "landlock" in plan["layers"]:
        landlock.restrict(rules)
    if plan["watched"]:
        listener = seccomp.install(code, listener=True)
        wire.send(control, {"kind": "listener"}, (listener,))
        os.close(listener)
    elif "seccomp" in plan["layers"]:
        seccomp.install(code)
    control.close()
