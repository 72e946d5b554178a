"""Run a Hub: in a thread of this process, or in the foreground."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from toolreg.errors import HubError
from toolreg.hub.server.app import create_app
from toolreg.hub.server.limits import Limits

LOOPBACK = "127.0.0.1"
_START_SECONDS = 20.0


@contextmanager
def running(
    root: Path, *, host: str = LOOPBACK, port: int = 0, token: str = "", limits: Limits | None = None
) -> Iterator[str]:
    """A Hub over `root` in a thread of this process; yields its endpoint, `http://127.0.0.1:PORT`.

    token: if given, changing anything needs it or a user's own; without it, and without users,
    everybody who reaches the port may publish. Raises HubError if the port cannot be had.
    """
    with _listening(host, port) as listener:
        server = _server(root, token, limits, host, ())
        thread = threading.Thread(target=server.run, args=([listener],), name="toolreg-hub", daemon=True)
        thread.start()
        try:
            _await_start(server, thread)
            yield _endpoint(host, listener)
        finally:
            server.should_exit = True
            thread.join(10)
            server.force_exit = True
            thread.join(10)


def serve(
    root: Path,
    *,
    host: str = LOOPBACK,
    port: int = 8300,
    hosts: tuple[str, ...] = (),
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until interrupted. hosts: names by which others reach it, if not on loopback alone.

    ready: told the address once it listens.
    """
    with _listening(host, port) as listener:
        server = _server(root, "", Limits(), host, hosts)
        ready(_endpoint(host, listener))
        server.run([listener])


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle off; without it every answer waits 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise HubError(
                f"cannot listen on {host}:{port}: {error.strerror}",
                hint="choose another --port, or stop what is there",
            ) from error
        listener.listen(128)
        yield listener


def _server(
    root: Path, token: str, limits: Limits | None, host: str, hosts: tuple[str, ...]
) -> uvicorn.Server:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    named = (host, *hosts)
    app = create_app(root.resolve(), token=token, limits=limits, hosts=named)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=5,
        )
    )


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise HubError("the embedded Hub did not start", hint="run `toolreg hub serve` to see why")
        time.sleep(0.005)


def _endpoint(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
