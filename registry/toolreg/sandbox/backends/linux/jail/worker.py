"""The process that runs the tool: confined layer by layer, then given the code."""

from __future__ import annotations

import os

from . import confine, landlock, seccomp, tool, view, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    from collections.abc import Callable
    from typing import Any, NoReturn

    from .wire import Descriptors


def main(
    plan: dict[str, Any],
    source: bytes,
    descriptors: Descriptors,
    control: _socket.socket,
    rules: int,
    own_user: Callable[[], None] | None,
) -> NoReturn:
    """Give up everything that the plan does not grant, then run the call. Never returns.

    rules: a Landlock ruleset that holds what every call may do; -1 where the plan says it all.
    """
    try:
        os.setsid()
        if own_user is not None:
            own_user()
        _confine(plan, descriptors, control, rules)
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


def _confine(plan: dict[str, Any], descriptors: Descriptors, control: _socket.socket, rules: int) -> None:
    kept = {descriptors.result, control.fileno()}
    confine.streams(descriptors.stdout, descriptors.stderr, kept if rules < 0 else {*kept, rules})
    confine.environment(plan["env"])
    os.chdir(plan["cwd"])
    code = seccomp.for_this_machine(_filter(plan))
    confine.powerless()
    if "landlock" in plan["layers"]:
        if rules < 0:
            rules = landlock.ruleset(landlock.Rules(**plan["paths"]))
        else:
            landlock.add(rules, view.rules(plan))
        landlock.enforce(rules)
    elif rules >= 0:
        os.close(rules)
    if plan["watched"]:
        listener = seccomp.install(code, listener=True)
        wire.send(control, {"kind": "listener"}, (listener,))
        os.close(listener)
    elif "seccomp" in plan["layers"]:
        seccomp.install(code)
    control.close()
    # Last: the bound on open files also bounds the descriptors that may be sent.
    confine.limits(plan["limits"])
