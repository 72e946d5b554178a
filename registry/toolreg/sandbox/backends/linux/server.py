"""The zygote from outside: started once, asked for each call, ended with its owner."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from toolreg.errors import HarnessError, SandboxUnavailable
from toolreg.sandbox.backends.linux import cgroups
from toolreg.sandbox.backends.linux.interpreter import View
from toolreg.sandbox.backends.linux.jail import wire
from toolreg.sandbox.observation import Tier

_BOOT = os.path.join(os.path.dirname(__file__), "jail", "boot.py")
_START_SECONDS, _END_SECONDS = 60.0, 5.0
# How the names of folders begin that the fork server removes, whole, when it ends.
SCRATCH = "toolreg-scratch-"
# Set before the interpreter starts: few arenas, so that address space stays small; no threads before a fork.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def _ended(pid: int, seconds: float) -> bool:
    """Wait for the end of a child; told by the kernel, where `Popen.wait` would look now and then."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:  # waited for already
        return True
    waiting = select.poll()  # not select: it knows no descriptor above 1,023
    waiting.register(handle, select.POLLIN)
    try:
        return bool(waiting.poll(seconds * 1000))
    finally:
        os.close(handle)


@dataclass(slots=True)
class Pipes:
    """This end of one call: result, stdout, stderr to read, and the control socket."""

    result: int
    stdout: int
    stderr: int
    control: socket.socket

    def close(self) -> None:
        for number in (self.result, self.stdout, self.stderr):
            os.close(number)
        self.control.close()


class Server:
    """One zygote process. Calls may come from many threads."""

    def __init__(
        self,
        view: View,
        *,
        preload: Sequence[str] = (),
        real_smolagents: bool = False,
        tier: Tier = "A",
        scratch: str = "",
    ) -> None:
        if scratch and not os.path.basename(scratch).startswith(SCRATCH):
            raise HarnessError(f"'{scratch}' is no folder of the sandbox's own, and would be removed")
        self.scratch = scratch
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._groups = cgroups.Groups()
        setup = {
            "cgroups": self._groups.described(),
            "binds": view.binds,
            "links": view.links,
            "path": view.path,
            "prefix": view.prefix,
            "preload": list(preload),
            "real_smolagents": real_smolagents,
            "tier": tier,
            "scratch": scratch,
        }
        self._lock = threading.Lock()
        self._gone = False
        self._channel = ours
        with theirs:
            self._process = subprocess.Popen(
                [
                    view.executable or sys.executable,
                    "-I",
                    "-S",
                    _BOOT,
                    str(theirs.fileno()),
                    json.dumps(setup),
                ],
                pass_fds=[theirs.fileno()],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                start_new_session=True,
            )
        self._wait_until_ready()

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return not self._gone and self._process.poll() is None

    def submit(self, payload: int, *, alone: bool) -> Pipes:
        """Hand a payload over; the answer comes through the pipes. alone: the call may start no process.

        Raises HarnessError if the zygote is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pairs = [os.pipe() for _ in range(3)]
        given = (payload, *[write for _, write in pairs], theirs.fileno())
        pipes = Pipes(pairs[0][0], pairs[1][0], pairs[2][0], ours)
        try:
            with self._lock:
                wire.send(self._channel, {"kind": "call", "alone": alone}, given)
        except OSError as error:
            pipes.close()
            self._gone = True
            raise HarnessError(
                f"the sandbox's fork server is gone: {error}", hint="run the command again"
            ) from error
        finally:
            theirs.close()
            for _, write in pairs:
                os.close(write)
        return pipes

    def close(self) -> None:
        """End the zygote, and with it every call that still runs."""
        with self._lock:
            self._channel.close()
        if not _ended(self._process.pid, _END_SECONDS):
            self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._groups.close()

    def _wait_until_ready(self) -> None:
        self._channel.settimeout(_START_SECONDS)
        try:
            message, _ = wire.receive(self._channel)
        except TimeoutError:
            message = {"kind": "fault", "error": "it did not start in time"}
        self._channel.settimeout(None)
        if message.get("kind") == "ready":
            return
        self._process.kill()
        _, said = self._process.communicate()
        self._channel.close()
        self._groups.close()
        reason = (
            message.get("error")
            or said.decode("utf-8", "replace").strip().splitlines()[-1:]
            or "no reason given"
        )
        raise SandboxUnavailable(
            f"the sandbox cannot start: {reason if isinstance(reason, str) else reason[0]}",
            hint="run `toolreg doctor` to see what this machine lacks",
        )
