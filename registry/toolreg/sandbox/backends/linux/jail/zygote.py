"""The fork server: stands ready in its own root, and forks one fresh child a call.

A process started with a clean environment, so that nothing of the host's memory is in its children.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
from typing import Any

from . import init, keeper, libc, root, seccomp, stub, view, wire
from .wire import Descriptors

_WORKER = 2  # its number in its own namespace
_ALWAYS = (
    "datetime",
    "decimal",
    "encodings.idna",
    "io",
    "json",
    "math",
    "re",
    "socket",
    "traceback",
    "typing",
)

_OF_EVERY_QUOTE = '''
def f():
    """One
    text."""
    return 'a', "b", f"{1}", r'c', 1.0
'''


def main(number: int, setup: dict[str, Any]) -> None:
    """Serve calls from the socket `number` until its other end is closed."""
    channel = socket.socket(fileno=number)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        template = _prepare(setup)
    except OSError as error:
        wire.send(channel, {"kind": "fault", "error": str(error)})
        return
    gc.collect()
    gc.freeze()
    wire.send(channel, {"kind": "ready"})
    try:
        Server(channel, template, setup["tier"]).run()
    finally:
        if os.path.basename(setup["scratch"]).startswith("toolreg-scratch-"):
            shutil.rmtree(setup["scratch"], ignore_errors=True)


def _prepare(setup: dict[str, Any]) -> view.Template:
    user, group = os.getuid(), os.getgid()
    if setup["tier"] == "A":
        libc.unshare(libc.CLONE_NEWUSER | libc.CLONE_NEWNS | libc.CLONE_NEWCGROUP)
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
        root.build([(source, target) for source, target in setup["binds"]], setup["links"])
    sys.path[:] = setup["path"]
    sys.prefix = sys.exec_prefix = setup["prefix"]
    sys.dont_write_bytecode = True
    if not setup["real_smolagents"]:
        stub.install()
    for module in (*_ALWAYS, *setup["preload"]):
        importlib.import_module(module)
    if setup["real_smolagents"]:
        _warm()
    for processes in (False, True):
        seccomp.for_this_machine(seccomp.Filter(processes=processes, count_tasks=user == 0, own_pid=_WORKER))
    return view.Template(
        tuple(target for _, target in setup["binds"] if os.path.exists(target)), setup["links"]
    )


def _warm() -> None:
    """The real package reads sources by tokens: their patterns are compiled here, not in every child."""
    import inspect

    inspect.getblock(_OF_EVERY_QUOTE.splitlines(keepends=True))


class Server:
    """Forks, reaps and tells; one thread, so that forking is safe."""

    def __init__(self, channel: socket.socket, template: view.Template, tier: str) -> None:
        self._tier = tier
        self._channel = channel
        self._template = template
        self._self = os.pidfd_open(os.getpid())
        self._running: dict[int, tuple[int, socket.socket]] = {}
        self._poll = select.poll()
        self._poll.register(channel.fileno(), select.POLLIN)

    def run(self) -> None:
        while True:
            for number, _ in self._poll.poll():
                if number in self._running:
                    self._ended(number)
                elif not self._request():
                    self._kill_all()
                    return

    def _request(self) -> bool:
        message, numbers = wire.receive(self._channel)
        if not message:
            return False
        descriptors = Descriptors(*numbers)
        try:
            pid = libc.clone(init.NAMESPACES if self._tier == "A" else 0)
        except OSError as error:
            self._refuse(descriptors, error)
            return True
        if pid == 0:
            self._become_first(descriptors)
        control = socket.socket(fileno=descriptors.control)
        handle = os.pidfd_open(pid)
        self._tell(control, {"kind": "started", "pid": pid}, (handle,))
        for number in descriptors[:-1]:
            os.close(number)
        self._running[handle] = (pid, control)
        self._poll.register(handle, select.POLLIN)
        return True

    def _become_first(self, descriptors: Descriptors) -> None:
        self._channel.close()
        for handle, (_, control) in self._running.items():
            os.close(handle)
            control.close()
        first = init.main if self._tier == "A" else keeper.main
        first(descriptors, self._self, self._template)

    def _refuse(self, descriptors: Descriptors, error: OSError) -> None:
        with socket.socket(fileno=descriptors.control) as control:
            self._tell(control, {"kind": "fault", "error": str(error), "errno": error.errno})
        for number in descriptors[:-1]:
            os.close(number)

    def _ended(self, handle: int) -> None:
        pid, control = self._running.pop(handle)
        self._poll.unregister(handle)
        os.close(handle)
        _, status, usage = os.wait4(pid, 0)
        spent = {"cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024}
        self._tell(control, {"kind": "over", "status": os.waitstatus_to_exitcode(status), **spent})
        control.close()

    def _tell(self, control: socket.socket, message: dict[str, Any], numbers: tuple[int, ...] = ()) -> None:
        try:
            wire.send(control, message, numbers)
        except OSError:  # the host has given this call up
            return

    def _kill_all(self) -> None:
        for handle in self._running:
            # The first of a namespace takes all with it; a keeper must be let do it.
            signal.pidfd_send_signal(handle, signal.SIGKILL if self._tier == "A" else signal.SIGTERM)
        for pid, _ in self._running.values():
            os.waitpid(pid, 0)


def start(arguments: list[str]) -> None:
    main(int(arguments[0]), json.loads(arguments[1]))
