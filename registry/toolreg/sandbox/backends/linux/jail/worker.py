"""The process that runs the tool: confined layer by layer, then given the code."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any, NoReturn

from . import confine, landlock, seccomp, tool, view, wire
from .wire import Descriptors


def main(
    plan: dict[str, Any],
    source: bytes,
    descriptors: Descriptors,
    control: socket.socket,
    template: view.Template,
    own_user: Callable[[], None] | None,
) -> NoReturn:
    """Give up everything that the plan does not grant, then run the call. Never returns."""
    try:
        os.setsid()
        if own_user is not None:
            own_user()
        _confine(plan, descriptors, control, template)
    except BaseException as error:  # noqa: BLE001 - nothing may run half confined
        wire.send(control, {"kind": "fault", "error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    try:
        tool.serve(plan["call"], source, descriptors.result)
    finally:  # never back into the code that forked this process
        os._exit(1)


def _filter(plan: dict[str, Any]) -> seccomp.Filter:
    common = {"processes": plan["processes"], "watched": plan["watched"], "count_tasks": plan["count_tasks"]}
    if "paths" not in plan:
        return seccomp.Filter(**common, own_pid=os.getpid())
    version = landlock.version()
    # Signals are kept in by Landlock; where it cannot, or nothing else runs, by number.
    by_number = not plan["processes"] or version < landlock.SCOPES_SIGNALS
    return seccomp.Filter(
        **common,
        own_network=False,
        own_pid=os.getpid(),
        signals_to=os.getpid() if by_number else 0,
        truncation=version >= landlock.KNOWS_TRUNCATION,
    )


def _confine(
    plan: dict[str, Any], descriptors: Descriptors, control: socket.socket, template: view.Template
) -> None:
    confine.streams(descriptors.stdout, descriptors.stderr, {descriptors.result, control.fileno()})
    confine.environment(plan["env"])
    os.chdir(plan["cwd"])
    rules = landlock.Rules(**plan["paths"]) if "paths" in plan else view.rules(plan, template)
    code = seccomp.for_this_machine(_filter(plan))
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
    # Last: the bound on open files also bounds the descriptors that may be sent.
    confine.limits(plan["limits"])
