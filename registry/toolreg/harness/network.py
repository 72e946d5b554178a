"""A network that answers: recorded responses, played to the sandbox, so that a check needs no Internet.

`NAME.responses.json` beside the tool holds `{"responses": [{"request": {"method", "url", "body"?},
"response": {"status", "headers", "body" or "body_base64"}}]}`. A request with a body is answered by the entry
with that body, else by any entry of its method and URL.
"""

from __future__ import annotations

import base64
import binascii
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from toolreg.errors import HarnessError
from toolreg.harness.scrub import Scrubber
from toolreg.harness.tls import authority
from toolreg.harness.wiretap import Tap

MAX_BYTES = 20_000_000
MAX_TEXT = 1_000_000
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Response:
    """One recorded answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Key = tuple[str, str, str]  # method, url, body; the last is "" for any
Recording = Mapping[Key, Response]


def read_recording(data: bytes, path: str) -> Recording:
    """The answers of a responses file by (method, url). Raises HarnessError naming the file and the entry."""
    try:
        entries = json.loads(data)["responses"]
        return {_key(entry): _response(entry["response"]) for entry in entries}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        reason = f"misses {error}" if isinstance(error, KeyError) else str(error)
        raise HarnessError(
            f"recorded responses: {reason}", path=path, hint="see docs/harness.md for the form"
        ) from error


def _key(entry: Any) -> Key:
    request = entry["request"]
    url = Scrubber().url(str(request["url"]))
    return str(request["method"]).upper(), url, str(request.get("body", ""))


def _response(entry: Any) -> Response:
    body = (
        base64.b64decode(entry["body_base64"], validate=True)
        if "body_base64" in entry
        else str(entry["body"]).encode()
    )
    headers = tuple((str(k), str(v)) for k, v in entry.get("headers", {}).items())
    return Response(int(entry["status"]), headers, body)


@dataclass(frozen=True, slots=True)
class Request:
    """What the sandbox asked for. url: scheme, host, port where it is not the usual one, path and query."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class RecordedNetwork:
    """Answers every connection from a recording, TLS included; what it has no answer for is in `missing`.

    secrets: name of a variable → its value in this run; in a recording `{env:NAME}` stands for it. alike: what nobody
    recorded is answered as the host answered something else. sent: what each host was sent, in order. fronted: hosts that a request named though it went to another.
    """

    def __init__(
        self, recording: Recording, secrets: Mapping[str, str] | None = None, *, alike: bool = False
    ) -> None:
        self._recording = recording
        self._alike = alike
        self._scrubber = Scrubber(secrets or {})
        self.missing: list[str] = []
        self.requests: list[str] = []
        self.sent: dict[str, list[bytes]] = {}
        self.fronted: list[str] = []

    @property
    def certificate(self) -> bytes:
        """PEM of the authority that the sandbox must trust."""
        return authority().pem

    @property
    def texts(self) -> tuple[str, ...]:
        """What it may answer, as text."""
        return tuple(r.body[:MAX_TEXT].decode("utf-8", "replace") for r in self._recording.values())

    def connect(self, host: str, port: int) -> socket.socket:
        """The sandbox's end of a connection to `host:port`."""
        ours, theirs = socket.socketpair()
        ours.settimeout(TIMEOUT)
        threading.Thread(target=self._serve, args=(ours, host, port), daemon=True).start()
        return theirs

    def answer(self, request: Request) -> Response:
        """The recorded answer; else one of the same host, or a 599, and it is remembered as missing."""
        key = self.key(request)
        self.requests.append(" ".join(key[:2]))
        found = self.recorded(self._recording, key)
        if found:
            return found
        lacking = self.lacking(key)
        return self._like(key) or lacking if self._alike else lacking

    def key(self, request: Request) -> Key:
        """What a request is known by, without its secrets."""
        return request.method, self._scrubber.url(request.url), self._scrubber.body(request.body)

    def recorded(self, recording: Recording, key: Key) -> Response | None:
        """The answer to exactly this, else to any of the same method and URL."""
        alike = (answer for known, answer in recording.items() if known[:2] == key[:2])
        return recording.get(key) or next(alike, None)

    def _like(self, key: Key) -> Response | None:
        """What the same place answers when asked for something else, or else the same host."""
        place, host = key[1].partition("?")[0], key[1].split("/")[2]
        same = [(k, a) for k, a in self._recording.items() if k[0] == key[0] and k[1].split("/")[2] == host]
        return next((a for k, a in same if k[1].partition("?")[0] == place), same[0][1] if same else None)

    def lacking(self, key: Key, why: str = "") -> Response:
        """A 599, remembered as missing."""
        self.missing.append(" ".join(key[:2]) + (f": {why}" if why else ""))
        return Response(599, (("Content-Type", "text/plain"),), (why or "no recorded answer").encode())

    def _serve(self, sock: socket.socket, host: str, port: int) -> None:
        try:
            tap = Tap(self.sent.setdefault(_authority_part(host, port, 443 if port == 443 else 80), []))
            with sock:
                secure = sock.recv(1, socket.MSG_PEEK) == b"\x16"
                if secure:
                    with authority().context(host).wrap_socket(sock, server_side=True) as wrapped:
                        _Player.play(wrapped, self, tap, f"https://{_authority_part(host, port, 443)}")
                else:
                    _Player.play(sock, self, tap, f"http://{_authority_part(host, port, 80)}")
        except (OSError, ssl.SSLError, ValueError):
            return  # the sandbox's side went away or spoke something else; the case shows it


def _authority_part(host: str, port: int, usual: int) -> str:
    return host if port == usual else f"{host}:{port}"


class _Player(BaseHTTPRequestHandler):
    """One connection's requests, answered from the recording."""

    protocol_version = "HTTP/1.1"
    server_version = "toolreg"
    sys_version = ""
    network: RecordedNetwork
    tap: Tap
    base: str

    @classmethod
    def play(cls, sock: socket.socket, network: RecordedNetwork, tap: Tap, base: str) -> None:
        # A subclass, since BaseHTTPRequestHandler handles everything inside its constructor.
        type("Player", (cls,), {"network": network, "tap": tap, "base": base})(sock, ("sandbox", 0), None)

    def setup(self) -> None:
        super().setup()
        self.rfile = self.tap.over(self.rfile)

    def finish(self) -> None:
        self.tap.drain(self.connection)
        super().finish()

    def _reply(self) -> None:
        headers = tuple((k, v) for k, v in self.headers.items())
        named, host = self.headers.get("Host") or "", self.base.partition("://")[2]
        if named and named.rpartition(":")[0 if ":" in named else 2].lower() not in (
            host,
            host.rpartition(":")[0],
        ):
            self.network.fronted.append(named)
        response = self.network.answer(Request(self.command, self.base + self.path, headers, self._body()))
        self.send_response(response.status)
        for name, value in response.headers:
            if name.lower() not in ("content-length", "transfer-encoding", "content-encoding", "connection"):
                self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD" and response.status not in (204, 304):
            self.wfile.write(response.body)

    def _body(self) -> bytes:
        """The request's body, sent whole or in chunks. Raises ValueError where it is neither."""
        if "chunked" not in (self.headers.get("Transfer-Encoding") or "").lower():
            length = int(self.headers.get("Content-Length") or 0)
            self.close_connection = self.close_connection or length > MAX_BYTES
            return self.rfile.read(min(max(length, 0), MAX_BYTES))
        body = b""
        while (size := int(self.rfile.readline(100).split(b";")[0], 16)) and len(body) + size <= MAX_BYTES:
            body += self.rfile.read(size)
            self.rfile.readline(100)
        while self.rfile.readline(10_000).strip():
            continue  # trailers
        return body

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _reply

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged; what was asked stands in `requests`."""
