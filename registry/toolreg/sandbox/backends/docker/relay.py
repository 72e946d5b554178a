"""The only way out of a container without a network: a socket file, behind which the host decides and dials."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from types import TracebackType

from toolreg.sandbox.backends.linux import relay
from toolreg.sandbox.backends.linux.egress import Egress
from toolreg.sandbox.policy import Policy

INSIDE = "/run/toolreg"
_NAME = "relay"
_LONGEST = 400


class Relay:
    """Use as a context manager. folder: to be mounted at INSIDE. egress: the record of what was reached."""

    def __init__(self, policy: Policy) -> None:
        self.egress = Egress([], policy)
        self._policy = policy
        # The folder above is closed to everybody else; the one in the container is open to its user.
        self._top = tempfile.TemporaryDirectory(prefix="toolreg-relay-")
        self.folder = os.path.join(self._top.name, "shown")
        os.mkdir(self.folder, 0o755)
        self._listener = socket.socket(socket.AF_UNIX)
        self._bind()
        self._listener.listen(64)
        self._stop, self._stopped = socket.socketpair()
        self._threads = [threading.Thread(target=self._serve, daemon=True)]

    def _bind(self) -> None:
        """Bind by way of the open folder: a socket's own path may have 107 bytes, a temporary folder's more."""
        folder = os.open(self.folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._listener.bind(f"/proc/self/fd/{folder}/{_NAME}")
        finally:
            os.close(folder)
        os.chmod(os.path.join(self.folder, _NAME), 0o666)

    @property
    def path(self) -> str:
        """Where the guest finds the socket."""
        return f"{INSIDE}/{_NAME}"

    def __enter__(self) -> Relay:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._stop.close()
        self.egress.close()
        for thread in self._threads:
            thread.join(timeout=15)
        self._stopped.close()
        self._top.cleanup()

    def _serve(self) -> None:
        while True:
            try:
                channel, _ = self._listener.accept()
            except OSError:
                return
            if len(self._threads) > self._policy.limits.connections * 16:
                channel.close()
                continue
            thread = threading.Thread(target=self._connect, args=(channel,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _connect(self, channel: socket.socket) -> None:
        with channel:
            channel.settimeout(self._policy.limits.wall)
            try:
                outer = self._asked(channel)
                if outer is None:
                    return
                with outer:
                    channel.sendall(b"+")
                    relay.run(channel, outer, relay.Traffic(), self._stopped)
            except OSError:
                return

    def _asked(self, channel: socket.socket) -> socket.socket | None:
        """The connection that a line `host port` asks for; None where the policy does not grant it."""
        line = b""
        while not line.endswith(b"\n") and len(line) < _LONGEST:
            data = channel.recv(1)
            if not data:
                return None
            line += data
        host, _, port = line.decode("ascii", "replace").strip().rpartition(" ")
        return self.egress.stand_in(host, int(port)) if host and port.isdigit() and port != "53" else None
