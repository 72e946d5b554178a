"""A sandbox that stays: code that keeps its state and talks with the host over one private channel.

The same jail as for a call (plan, fork server, layers), with a socket where a call has its result pipe. Inside,
that socket is the only descriptor besides the standard streams. In tier B, without mounts, the code works on a
copy of the workspace; files that it removes there are not told.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import stat
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toolreg.errors import HarnessError, SandboxUnavailable
from toolreg.sandbox.backends.linux import interpreter, plan, supervise
from toolreg.sandbox.backends.linux.jail import wire
from toolreg.sandbox.backends.linux.scratch import ScratchStage
from toolreg.sandbox.backends.linux.server import SCRATCH, Pipes, Server
from toolreg.sandbox.observation import Tier
from toolreg.sandbox.policy import CallTool, Policy
from toolreg.sandbox.probe import probe

_DEEPEST = 32
# How long the exit status, or why it could not be set up, may trail the end of the channel.
_LAST_WORDS = 1.0
_MOST_ENTRIES = 20_000
_LARGEST_FILE = 64 << 20


@dataclass(frozen=True, slots=True)
class FileState:
    """One entry of the session's overlay; `deleted` for what the code removed."""

    path: str
    size: int
    changed: int
    deleted: bool = False


class Session:
    """Code running in the sandbox until `end`. `channel` is the host's end of the private socket.

    code: Python source that defines the function `entry`, called without arguments. tier: insist on one; None
    takes the best that this machine has. Raises SandboxUnavailable, PolicyError, HarnessError. After `end`, `fault`
    says why the sandbox itself failed, e.g. at set-up; None where its code ended.
    """

    def __init__(
        self,
        code: bytes,
        entry: str,
        policy: Policy,
        *,
        preload: Sequence[str] = (),
        tier: Tier | None = None,
    ) -> None:
        self.tier, self.layers = _chosen(tier)
        self._scratch = ""
        if self.tier == "B":
            self._scratch = tempfile.mkdtemp(dir=_server_for(self.tier, tuple(preload)).scratch)
            weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        self._folder: int | None = None
        self.fault: HarnessError | None = None
        try:
            self._begin(code, CallTool(entry, {}), policy, tuple(preload))
        except BaseException:
            self._remove_scratch()
            raise

    def _begin(self, code: bytes, call: CallTool, policy: Policy, preload: tuple[str, ...]) -> None:
        server = _server_for(self.tier, preload)
        made, disk_used = self._plan(call, policy)
        payload = wire.write_payload(made, code)
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            pipes = server.submit_session(payload, theirs.fileno(), alone=not policy.of("run"))
        finally:
            os.close(payload)
            theirs.close()
        self._supervisor = _SessionSupervisor(pipes, policy, tier=self.tier, disk_used=disk_used)
        self._supervisor.own_files = os.path.realpath(self._scratch) if self._scratch else None
        self._thread = threading.Thread(target=self._watch, daemon=True, name="toolreg-session")
        self._thread.start()

    def _plan(self, call: CallTool, policy: Policy) -> tuple[dict[str, Any], Callable[[], int] | None]:
        """The plan; in tier B with copies of the workspace in a folder of the session's own."""
        if self.tier == "A":
            view = interpreter.view()
            return plan.make(policy, call, view, watched=False, layers=self.layers), None
        stage = ScratchStage(policy, call, self.layers, self._scratch)
        self._folder = os.open(stage.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        return stage.plan, stage.disk_used

    @property
    def pid(self) -> int | None:
        """The session's first process on this host; None before it has started."""
        return self._supervisor.pid

    @property
    def complaints(self) -> str:
        """What the code wrote to standard error, as far as it was kept."""
        return self._supervisor.record.stderr.data.decode("utf-8", "replace")

    def end(self) -> str:
        """Kill everything inside and give the reason why it had ended before, if it had. May be called twice."""
        record = self._supervisor.record
        self._thread.join(timeout=_LAST_WORDS if self._gone() else 0)
        reason = record.killed or _ended(record.status) if not self._thread.is_alive() else ""
        if self.fault is not None:
            reason = str(self.fault)
        self._supervisor.end("ended")
        self._thread.join(timeout=10)
        for number in record.uppers:
            os.close(number)
        record.uppers = []
        self._remove_scratch()
        return reason

    def _remove_scratch(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None:
            os.close(folder)
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def files(self) -> Iterator[FileState]:
        """What the code changed in its workspace, regular files and removals only; links are not followed."""
        folder = self._changed_folder()
        if folder is not None:
            yield from _states(folder, "", 0, [_MOST_ENTRIES])

    def read(self, path: str) -> bytes:
        """A changed file's bytes. Raises OSError, also for anything that is no regular file."""
        folder = self._changed_folder()
        if folder is None:
            raise OSError("the sandbox has ended")
        handle = _open_below(folder, path)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(f"{path} is no regular file")
            return file.read(min(status.st_size, status.st_blocks * 512 + 4096, _LARGEST_FILE))

    def _changed_folder(self) -> int | None:
        """Where changes show: the overlay's upper folder, or the session's own copy of the workspace."""
        return self._folder if self.tier == "B" else next(iter(self._supervisor.record.uppers), None)

    def _watch(self) -> None:
        try:
            self._supervisor.run()
        except HarnessError as error:
            self.fault = error
        except OSError as error:  # the fork server was ended under it
            self.fault = HarnessError(f"the sandbox has ended: {error}")

    def _gone(self) -> bool:
        try:
            return self.channel.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


class _SessionServer(Server):
    def submit_session(self, payload: int, result: int, *, alone: bool) -> Pipes:
        """Like `submit`, with a socket of the caller's in the place of the result pipe."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        out, err = os.pipe(), os.pipe()
        unused = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
        pipes = Pipes(unused, out[0], err[0], ours)
        try:
            with self._lock:
                given = (payload, result, out[1], err[1], theirs.fileno())
                wire.send(self._channel, {"kind": "call", "alone": alone}, given)
        except OSError as error:
            pipes.close()
            raise HarnessError(
                f"the sandbox's fork server is gone: {error}", hint="run the command again"
            ) from error
        finally:
            theirs.close()
            os.close(out[1])
            os.close(err[1])
        return pipes


class _SessionSupervisor(supervise.Supervisor):
    """Watches a session; `end` may come from any thread."""

    def __init__(self, pipes: Pipes, policy: Policy, *, tier: Tier, disk_used: Callable[[], int] | None):
        super().__init__(pipes, policy, tier=tier, disk_used=disk_used)
        del self._streams[pipes.result]
        self._hold = threading.RLock()

    @property
    def pid(self) -> int | None:
        return self._pid or None

    def end(self, reason: str) -> None:
        with self._hold:
            super().end(reason)

    def _release(self) -> None:
        with self._hold:
            super()._release()
            self._init = None


_servers: dict[tuple[int, Tier, tuple[str, ...]], _SessionServer] = {}
_making = threading.Lock()


def _server_for(tier: Tier, preload: tuple[str, ...]) -> _SessionServer:
    """One fork server for all sessions of this process; it ends with the process."""
    key = (os.getpid(), tier, preload)
    with _making:
        server = _servers.get(key)
        if server is None or not server.alive():
            if server is not None:
                server.close()
            view = interpreter.view(moved_apart=tier == "A")
            # A folder of its own: the fork server removes it, with all that is in it, when its owner is gone.
            scratch = tempfile.mkdtemp(prefix=SCRATCH) if tier == "B" else ""
            server = _servers[key] = _SessionServer(view, preload=preload, tier=tier, scratch=scratch)
            atexit.register(server.close)
        return server


def _ended(status: int | None) -> str:
    if status is None:
        return ""
    return f"signal {-status}" if status < 0 else f"exit {status}"


def _states(folder: int, prefix: str, depth: int, left: list[int]) -> Iterator[FileState]:
    for name in _names(folder):
        left[0] -= 1
        if left[0] < 0:
            return
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            continue
        path = prefix + name
        if stat.S_ISDIR(status.st_mode) and depth < _DEEPEST:
            yield from _below(folder, name, path, depth, left)
        elif stat.S_ISREG(status.st_mode):
            yield FileState(path, status.st_size, status.st_mtime_ns ^ status.st_ctime_ns)
        elif stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
            yield FileState(path, 0, 0, deleted=True)


def _below(folder: int, name: str, path: str, depth: int, left: list[int]) -> Iterator[FileState]:
    try:
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return
    try:
        yield from _states(inner, f"{path}/", depth + 1, left)
    finally:
        os.close(inner)


def _names(folder: int) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.isprintable())
    except OSError:
        return []


def _open_below(folder: int, path: str) -> int:
    *folders, name = path.split("/")
    handle = os.dup(folder)
    for each in folders:
        inner = os.open(each, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
        os.close(handle)
        handle = inner
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
    finally:
        os.close(handle)


def _chosen(wanted: Tier | None) -> tuple[Tier, tuple[str, ...]]:
    """The tier of a session and its layers. Raises SandboxUnavailable."""
    found = probe()
    if found.tier is None or (wanted == "A" and found.tier != "A"):
        raise SandboxUnavailable(f"this machine cannot isolate a session: {found.reason}", hint=found.hint)
    tier = wanted or found.tier
    return tier, tuple(found.layers(tier))
