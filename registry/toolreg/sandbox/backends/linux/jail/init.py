"""The first process of a call's namespaces: arranges them, then becomes the worker.

Where programs may be started it starts the worker instead, adopts what is left alone, and reports how it ended.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import _socket
import os
import select

from . import cgroup, confine, landlock, libc, netlink, tool, view, wire, worker
from .wire import Descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

NAMESPACES = libc.CLONE_NEWPID | libc.CLONE_NEWNS | libc.CLONE_NEWNET | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS


def main(requests: _socket.socket, zygote: int, template: view.Template, place: cgroup.Place) -> NoReturn:
    """Get ready, wait for one call, run it. Never returns; a fault goes to the host as a message.

    Most of a call's time goes into its namespaces: they stand before anybody asks.
    """
    try:
        libc.die_with_parent()
        if select.select([zygote], [], [], 0)[0]:  # it died before the line above
            os._exit(1)
        own = os.open("/proc/self", os.O_PATH | os.O_CLOEXEC)  # before a /proc of this call's covers it
        ready: _Ready | Exception
        try:
            place.enter()
            libc.unshare(libc.CLONE_NEWCGROUP)  # no group above shows
            ready = _Ready(template)
        except Exception as error:  # noqa: BLE001 - told to whoever asks, not before
            ready = error
        _, numbers = wire.receive(requests)
        requests.close()
        if numbers:
            _run(Descriptors(*numbers), own, ready, template, place)
    finally:
        os._exit(1)


class _Ready:
    """What no plan changes.

    A fresh /proc and /tmp, a network with nothing but itself and a place for names, the rules of every call.
    """

    def __init__(self, template: view.Template) -> None:
        view.prepare(template)
        netlink.loopback_up()
        self.names = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
        self.names.bind(("127.0.0.1", 53))
        libc.set_hostname(b"sandbox")
        self.rules = -1
        if landlock.version():
            self.rules = landlock.ruleset(view.common_rules(template))
        confine.rehearse()
        tool.rehearse()


def _run(
    descriptors: Descriptors,
    own: int,
    ready: _Ready | Exception,
    template: view.Template,
    place: cgroup.Place,
) -> NoReturn:
    control = _socket.socket(fileno=descriptors.control)
    code = 0
    try:
        if isinstance(ready, Exception):
            raise ready
        plan, source = wire.read_payload(descriptors.payload)
        os.close(descriptors.payload)
        place.bound(plan)
        uppers = view.arrange(plan, template)
        if ready.rules >= 0 and view.needs_own_root(plan):
            os.close(ready.rules)  # made of places that are not there any more
            ready.rules = landlock.ruleset(view.common_rules(template))
        sockets = [ready.names, *_listeners(plan["ports"])]
        handed = (*[s.fileno() for s in sockets], *uppers)
        wire.send(control, {"kind": "ready", "sockets": len(sockets)}, handed)
        for each in sockets:
            each.close()
        for number in uppers:
            os.close(number)
        if plan["processes"]:
            os.close(own)
            _supervise(plan, source, descriptors, control, ready.rules)
        else:
            view.lock()
            worker.main(plan, source, descriptors, control, ready.rules, lambda: _leave_for_own_user(own))
    except BaseException as error:  # noqa: BLE001 - the host must hear of it, nothing may run on
        code = 1
        wire.send(control, {"kind": "fault", "error": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(code)


def _listeners(ports: list[int]) -> list[_socket.socket]:
    """One listener a granted port, in this network, to be served from outside it."""
    if not ports:
        return []
    netlink.every_address_is_local(_socket.AF_INET)
    family = _socket.AF_INET6
    try:
        netlink.every_address_is_local(_socket.AF_INET6)
    except OSError:
        family = _socket.AF_INET
    return [_listener(family, port) for port in ports]


def _listener(family: int, port: int) -> _socket.socket:
    listener = _socket.socket(family, _socket.SOCK_STREAM)
    listener.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
    if family == _socket.AF_INET6:
        listener.setsockopt(_socket.IPPROTO_IPV6, _socket.IPV6_V6ONLY, 0)
    listener.bind(("", port))
    listener.listen(64)
    return listener


def _supervise(
    plan: dict[str, Any],
    source: bytes,
    descriptors: Descriptors,
    control: _socket.socket,
    rules: int,
) -> None:
    mapped, tell = os.pipe()
    wait, locked = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(mapped)
        os.close(locked)
        worker.main(plan, source, descriptors, control, rules, lambda: _ask_for_own_user(tell, wait))
    for number in (tell, wait, *descriptors.streams(), *([rules] if rules >= 0 else [])):
        os.close(number)
    if os.read(mapped, 1):
        view.lock()
        os.write(locked, b"!")
    os.close(mapped)
    os.close(locked)
    # The worker's own sends are over before it runs the tool; this process alone writes from here on.
    status = _reap(pid)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wire.send(control, {"kind": "exit", "status": status})


def _ask_for_own_user(tell: int, wait: int) -> None:
    """A user namespace without rights over the mounts. Then the first process closes the tree, and says so."""
    libc.unshare(libc.CLONE_NEWUSER)
    own = os.open("/proc/self", os.O_PATH | os.O_CLOEXEC)
    confine.own_user(own)
    os.close(own)
    os.write(tell, b"!")
    if not os.read(wait, 1):
        os._exit(1)


def _leave_for_own_user(own: int) -> None:
    """The same where the tree is closed already: `own` is this process in the fork server's /proc."""
    libc.unshare(libc.CLONE_NEWUSER)
    confine.own_user(own)


def _reap(worker_pid: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == worker_pid:
            return os.waitstatus_to_exitcode(status)
