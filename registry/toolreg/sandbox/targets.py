"""Things of our own to attack: a secret, a process, listeners, a home folder.

Made for a check, gone after it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from types import TracebackType

_Answer = Callable[[socket.socket, threading.Event], None]
# Ends by itself when its owner does, however that ends.
_VICTIM = "import sys\nsys.stdin.read()\n"


_LONGEST_SOCKET = 107  # bytes in the path of a Unix socket


def _short_folder() -> str | None:
    """The temporary folder, or /tmp where sockets below the former would have too long a path."""
    longest = os.path.join(tempfile.gettempdir(), "toolreg-targets-12345678", "letters")
    return None if len(os.fsencode(longest)) <= _LONGEST_SOCKET else "/tmp"


class Targets:
    """Use as a context manager; `values` is what an attack gets to know.

    workspace: the folder that it may use.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._secret = "S" + secrets.token_hex(12)
        # Stays in this process's memory, to be looked for from inside.
        self.marker = f"HEAP-{self._secret}-IN-HOST"
        self.values: dict[str, object] = {}

    def __enter__(self) -> Targets:
        try:
            self._make()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def reset(self) -> None:
        """A fresh workspace: input.txt, and nothing else."""
        shutil.rmtree(self.workspace, ignore_errors=True)
        os.makedirs(self.workspace)
        with open(os.path.join(self.workspace, "input.txt"), "w", encoding="ascii") as file:
            file.write("input")
        os.utime(os.path.join(self.workspace, "input.txt"), (1e9, 1e9))

    def harm(self) -> str:
        """What an attack did to the host, or nothing."""
        if self._victim.poll() is not None:
            return "another process was ended"
        if os.listdir(self._host_dir):
            return "a file appeared outside the workspace"
        with open(self._secret_file, encoding="ascii") as file:
            if file.read() != self._secret:
                return "a file of the host was changed"
        if self._told:
            return "a message reached a socket of the host"
        changed = [path for path, state in self._states.items() if _state(path) != state]
        return f"mode, owner, times or marks of {changed[0]} were changed" if changed else ""

    def input_changed(self) -> bool:
        path = os.path.join(self.workspace, "input.txt")
        try:
            status = os.lstat(path)
            with open(path, encoding="utf-8", errors="replace") as file:
                return file.read() != "input" or int(status.st_mtime) != 10**9 or bool(status.st_mode & 0o111)
        except OSError:
            return True

    def _make(self) -> None:
        top = tempfile.mkdtemp(prefix="toolreg-targets-", dir=_short_folder())
        self._stack.callback(shutil.rmtree, top, ignore_errors=True)
        home = os.path.join(top, "home")
        self._secret_file = os.path.join(home, ".ssh", "id_rsa")
        self._host_dir = os.path.join(top, "host")
        self._told: list[bytes] = []
        self.workspace = os.path.join(top, "workspace")
        tmp_file = os.path.join(top, "shared.txt")
        os.makedirs(os.path.dirname(self._secret_file))
        os.makedirs(self._host_dir)
        for path in (self._secret_file, tmp_file):
            with open(path, "w", encoding="ascii") as file:
                file.write(self._secret)
        with contextlib.suppress(OSError):  # not every file system has such marks
            os.setxattr(tmp_file, "user.secret", self._secret.encode())
        self._states = {path: _state(path) for path in (self._secret_file, tmp_file, self._host_dir, home)}
        self.reset()
        self._victim = self._process()
        self.values = {
            "secret": self._secret,
            "secret_file": self._secret_file,
            "home": home,
            "tmp_file": tmp_file,
            "host_dir": self._host_dir,
            "work": ".",
            "victim_pid": self._victim.pid,
            "hostname": socket.gethostname(),
            "ifaces": [name for _, name in socket.if_nameindex() if name != "lo"],
            "local_name": socket.gethostname(),
            "allow_kill_all": True,
            "shm_id": self._segment(),
            **self._listeners(top),
        }

    def _process(self) -> subprocess.Popen[bytes]:
        victim = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _VICTIM],
            env={"SECRET": self._secret},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

        def end() -> None:
            victim.kill()
            victim.communicate()

        self._stack.callback(end)
        return victim

    def _listeners(self, top: str) -> dict[str, object]:
        stream = self._listen(socket.create_server(("127.0.0.1", 0)))
        other = socket.create_server(("127.0.0.1", 0))
        self._stack.callback(other.close)
        free = socket.create_server(("127.0.0.1", 0))
        self._stack.callback(free.close)
        with contextlib.suppress(OSError):
            self._listen(socket.create_server(("::1", stream), family=socket.AF_INET6))
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagram.bind(("127.0.0.1", 0))
        self._serve(datagram, self._answer_datagrams)
        path, abstract = os.path.join(top, "socket"), f"toolreg-{secrets.token_hex(8)}"
        letters = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        letters.bind(os.path.join(top, "letters"))
        self._serve(letters, self._keep_letters)
        for address in (path, "\0" + abstract):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(address)
            listener.listen()
            self._listen(listener)
        shared = f"toolreg-{secrets.token_hex(8)}"
        with open(f"/dev/shm/{shared}", "w", encoding="ascii") as file:
            file.write(self._secret)
        self._stack.callback(os.unlink, f"/dev/shm/{shared}")
        return {
            "tcp_port": stream,
            "other_port": other.getsockname()[1],
            "listen_port": free.getsockname()[1] + 1,
            "udp_port": datagram.getsockname()[1],
            "sock_path": path,
            "letter_path": os.path.join(top, "letters"),
            "abstract": abstract,
            "posix_shm": shared,
        }

    def _listen(self, listener: socket.socket) -> int:
        self._serve(listener, self._answer_streams)
        name = listener.getsockname()
        return int(name[1]) if isinstance(name, tuple) else 0

    def _serve(self, listener: socket.socket, answer: _Answer) -> None:
        listener.settimeout(0.2)
        done = threading.Event()
        thread = threading.Thread(target=answer, args=(listener, done), daemon=True)
        thread.start()

        def end() -> None:
            done.set()
            thread.join()
            listener.close()

        self._stack.callback(end)

    def _answer_streams(self, listener: socket.socket, done: threading.Event) -> None:
        while not done.is_set():
            try:
                client, _ = listener.accept()
                with client:
                    client.settimeout(0.2)
                    client.sendall(self._secret.encode())
                    client.shutdown(socket.SHUT_WR)
                    for _ in range(50):  # heard out: whoever is cut off while he speaks has not said it
                        if not client.recv(65536):
                            break
            except OSError:
                continue

    def _keep_letters(self, listener: socket.socket, done: threading.Event) -> None:
        while not done.is_set():
            with contextlib.suppress(OSError):
                self._told.append(listener.recv(100))

    def _segment(self) -> int:
        """System V shared memory that holds the secret; -1 where there is none."""
        libc = ctypes.CDLL(None)
        libc.shmat.restype = ctypes.c_void_p
        number = int(libc.shmget(0, 4096, 0o1600))
        if number >= 0:
            self._stack.callback(libc.shmctl, number, 0, None)
            place = libc.shmat(number, None, 0)
            ctypes.memmove(place, self._secret.encode(), len(self._secret))
            libc.shmdt(ctypes.c_void_p(place))
        return number

    def _answer_datagrams(self, listener: socket.socket, done: threading.Event) -> None:
        while not done.is_set():
            try:
                _, sender = listener.recvfrom(100)
                listener.sendto(self._secret.encode(), sender)
            except OSError:
                continue


def _state(path: str) -> tuple[object, ...]:
    """What nobody may change of a path, besides its content."""
    status = os.stat(path)
    try:
        marks = sorted(os.listxattr(path))
    except OSError:
        marks = []
    return status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns, status.st_nlink, marks
