"""The first process of a call's namespaces: arranges them, starts the worker, reports how it ended."""

from __future__ import annotations

import os
import select
import signal
import socket
from typing import Any, NoReturn

from . import libc, netlink, view, wire, worker
from .wire import Descriptors

NAMESPACES = libc.CLONE_NEWPID | libc.CLONE_NEWNS | libc.CLONE_NEWNET | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS


def main(descriptors: Descriptors, zygote: int, template: view.Template) -> NoReturn:
    """Run one call. Never returns; a fault goes to the host as a message."""
    control = socket.socket(fileno=descriptors.control)
    code = 0
    try:
        libc.die_with_parent()
        if select.select([zygote], [], [], 0)[0]:  # it died before the line above
            os._exit(1)
        plan, source = wire.read_payload(descriptors.payload)
        os.close(descriptors.payload)
        uppers = view.arrange(plan, template)
        sockets = _network(plan)
        libc.set_hostname(b"sandbox")
        handed = (*[s.fileno() for s in sockets], *uppers)
        wire.send(control, {"kind": "ready", "sockets": len(sockets)}, handed)
        for each in sockets:
            each.close()
        for number in uppers:
            os.close(number)
        _supervise(plan, source, descriptors, control, template)
    except BaseException as error:  # noqa: BLE001 - the host must hear of it, nothing may run on
        code = 1
        wire.send(control, {"kind": "fault", "error": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(code)


def _network(plan: dict[str, Any]) -> list[socket.socket]:
    """A DNS socket and one listener a granted port, in this network, to be served from outside it."""
    netlink.loopback_up()
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    if not plan["ports"]:
        return [names]
    netlink.every_address_is_local(socket.AF_INET)
    family = socket.AF_INET6
    try:
        netlink.every_address_is_local(socket.AF_INET6)
    except OSError:
        family = socket.AF_INET
    return [names, *[_listener(family, port) for port in plan["ports"]]]


def _listener(family: socket.AddressFamily, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("", port))
    listener.listen(64)
    return listener


def _supervise(
    plan: dict[str, Any],
    source: bytes,
    descriptors: Descriptors,
    control: socket.socket,
    template: view.Template,
) -> None:
    mapped, tell = os.pipe()
    wait, locked = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(mapped)
        os.close(locked)
        worker.main(plan, source, descriptors, control, template, (tell, wait))
    for number in (tell, wait, descriptors.result, descriptors.stdout, descriptors.stderr):
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


def _reap(worker_pid: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == worker_pid:
            return os.waitstatus_to_exitcode(status)
