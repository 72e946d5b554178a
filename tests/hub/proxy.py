"""A proxy before a Hub that spoils one request in one way, and lets the others through."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# Answers that never reach the Hub: status, headers, body.
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "401": (401, {}, b'{"error":"Invalid username or password."}'),
    "402": (402, {}, b'{"error":"Static Spaces are free for everyone"}'),
    "403": (403, {}, b'{"error":"You do not have the rights"}'),
    "404": (404, {"X-Error-Code": "RepoNotFound"}, b'{"error":"Repository not found"}'),
    "409": (409, {}, b'{"error":"Conflict"}'),
    "412": (412, {}, b'{"error":"The branch was updated since you opened this page."}'),
    "429": (429, {"RateLimit": '"api";r=0;t=0'}, b'{"error":"We had to rate limit you"}'),
    "429 without headers": (429, {}, b'{"error":"We had to rate limit you"}'),
    "500": (500, {}, b'{"error":"Internal Error"}'),
    "503 page": (503, {"Content-Type": "text/html"}, b"<html>Service Unavailable</html>"),
    "200 nonsense": (200, {}, b"<html>captive portal</html>"),
}
CONNECTION = (
    "refused",
    "reset before",
    "reset after",
    "silent before",
    "silent after",
    "500 after",
    "truncated after",
)
FAULTS = (*ANSWERS, *CONNECTION)


@dataclass
class Proxy:
    """`arm(step, fault)` spoils the step-th request from now on (from 1); `seen` are the requests since."""

    target: str
    url: str = ""
    step: int = 0
    fault: str = ""
    on_step: Callable[[str], None] | None = None
    seen: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None

    def arm(self, step: int, fault: str, on_step: Callable[[str], None] | None = None) -> None:
        self.heal()
        self.step, self.fault, self.on_step, self.seen = step, fault, on_step, []
        self.release = threading.Event()
        if fault == "refused" and step == 1:
            self.close()

    def heal(self) -> None:
        """Let everything through again; those who were kept waiting are let go."""
        self.fault = ""
        self.release.set()
        if self.server is None:
            self.open()

    def open(self) -> None:
        port = urlsplit(self.url).port or 0
        handler = type("Handler", (_Handler,), {"proxy": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close_soon(self) -> None:
        """Close from within a request: the listening socket at once, the loop behind it later."""
        server, self.server = self.server, None
        if server is not None:
            server.socket.close()
            threading.Thread(target=server.shutdown, daemon=True).start()

    def close(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            server.shutdown()
            server.server_close()


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    proxy = Proxy(target)
    proxy.open()
    try:
        yield proxy
    finally:
        proxy.release.set()
        proxy.close()


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def handle_any(self) -> None:
        proxy = self.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy.seen.append(f"{self.command} {self.path}")
        number = len(proxy.seen)
        fault = proxy.fault if number == proxy.step else ""
        self.close_connection = True
        if proxy.fault == "refused" and number == proxy.step - 1:
            # The next connection is refused; this one is still answered.
            status, headers, data = self.forward(body)
            proxy.close_soon()
            self.answer(status, headers, data)
            return
        self.spoil(fault, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

    def spoil(self, fault: str, body: bytes) -> None:
        match fault:
            case "kill before":
                self.reached("before")
            case "kill after":
                self.forward(body)
                self.reached("after")
            case "reset before":
                self.reset()
            case "reset after":
                self.forward(body)
                self.reset()
            case "silent before":
                self.proxy.release.wait(20)
            case "silent after":
                self.forward(body)
                self.proxy.release.wait(20)
            case "500 after":
                self.forward(body)
                self.answer(*ANSWERS["500"])
            case "truncated after":
                status, headers, data = self.forward(body)
                self.answer(status, headers, data[: len(data) // 2], length=len(data))
            case _ if fault in ANSWERS:
                self.answer(*ANSWERS[fault])
            case _:
                self.answer(*self.forward(body))

    def reached(self, place: str) -> None:
        if self.proxy.on_step is not None:
            self.proxy.on_step(place)

    def forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        address = urlsplit(self.proxy.target)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        try:
            headers = {
                k: v for k, v in self.headers.items() if k.lower() not in ("accept-encoding", "connection")
            }
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def answer(self, status: int, headers: dict[str, str], data: bytes, length: int | None = None) -> None:
        with suppress(OSError):
            self.send_response(status)
            skip = ("content-length", "connection", "transfer-encoding", "date", "server")
            for name, value in {"Content-Type": "application/json", **headers}.items():
                if name.lower() not in skip:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data) if length is None else length))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(data)

    def reset(self) -> None:
        """Close so that the other side gets a reset, not an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
