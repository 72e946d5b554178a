"""Connections to this machine's loopback, carried into a container that has no network.

The engine's own channel for `docker exec` carries them: nothing is published, and it works wherever the engine is.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any

_CHUNK = 1 << 16
# Runs in the container for one connection. It waits for a gateway that is about to start.
_INSIDE = """
import os, socket, threading, time
for _ in range(600):
    try:
        there = socket.create_connection(("127.0.0.1", {port}))
        break
    except OSError:
        time.sleep(0.1)
else:
    raise SystemExit(1)
def up():
    while data := os.read(0, 65536):
        there.sendall(data)
    there.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while data := there.recv(65536):
    while data:
        data = data[os.write(1, data):]
"""


class Relay:
    """Listens on a free port of 127.0.0.1; every connection becomes one to `port` in the container.

    What comes out of the container is a stranger's: it is passed on as it is and never looked at.
    """

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._command = ["python3", "-I", "-S", "-c", _INSIDE.format(port=port)]
        self.port: int = self._listener.getsockname()[1]

    def serve(self, container: Any) -> None:
        """Carry connections from now on, in a thread of its own, until `close`."""
        threading.Thread(target=self._accept, args=(container,), daemon=True, name="toolreg-relay").start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()

    def _accept(self, container: Any) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(container, here), daemon=True).start()

    def _carry(self, container: Any, here: socket.socket) -> None:
        from docker.utils.socket import frames_iter  # type: ignore[import-untyped,unused-ignore]

        api = container.client.api
        with here, contextlib.suppress(Exception):  # the container ends, the caller hangs up: both ends close
            job = api.exec_create(container.id, self._command, stdin=True, stderr=False)
            channel = api.exec_start(job["Id"], socket=True)
            there = getattr(channel, "_sock", channel)
            try:
                there.settimeout(None)
                up = threading.Thread(target=_copy, args=(here, there.sendall, there), daemon=True)
                up.start()
                for _, data in frames_iter(channel, tty=False):
                    here.sendall(data)
                here.shutdown(socket.SHUT_RDWR)
                up.join(timeout=5)
            finally:
                channel.close()
                there.close()


def _copy(source: socket.socket, sink: Callable[[bytes], Any], end: Any) -> None:
    with contextlib.suppress(OSError, ValueError):
        while data := source.recv(_CHUNK):
            sink(data)
        end.shutdown(socket.SHUT_WR)
