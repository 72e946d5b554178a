"""A network that answers: recorded responses, played to the sandbox, so that a check needs no Internet.

`NAME.responses.json` beside the tool holds `{"responses": [{"request": {"method", "url"},
"response": {"status", "headers", "body" or "body_base64"}}]}`.
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
from urllib.parse import quote, quote_plus

from toolreg.errors import HarnessError
from toolreg.harness.tls import authority

MAX_BYTES = 20_000_000
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Response:
    """One recorded answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Recording = Mapping[tuple[str, str], Response]


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


def _key(entry: Any) -> tuple[str, str]:
    return str(entry["request"]["method"]).upper(), str(entry["request"]["url"])


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

    secrets: name of a variable → its value in this run; in a recording `{env:NAME}` stands for it.
    """

    def __init__(self, recording: Recording, secrets: Mapping[str, str] | None = None) -> None:
        self._recording = recording
        self._secrets = dict(secrets or {})
        self.missing: list[str] = []
        self.requests: list[str] = []

    @property
    def certificate(self) -> bytes:
        """PEM of the authority that the sandbox must trust."""
        return authority().pem

    def connect(self, host: str, port: int) -> socket.socket:
        """The sandbox's end of a connection to `host:port`."""
        ours, theirs = socket.socketpair()
        ours.settimeout(TIMEOUT)
        threading.Thread(target=self._serve, args=(ours, host, port), daemon=True).start()
        return theirs

    def answer(self, request: Request) -> Response:
        """The recorded answer, or a 599 that is remembered as missing."""
        key = (request.method, self.scrubbed(request.url))
        self.requests.append(" ".join(key))
        found = self._recording.get(key)
        if found is None:
            self.missing.append(" ".join(key))
            return Response(599, (("Content-Type", "text/plain"),), b"no recorded answer")
        return found

    def scrubbed(self, text: str) -> str:
        """A text with `{env:NAME}` in place of every secret."""
        for name, value in self._secrets.items():
            for form in (value, quote(value, safe=""), quote_plus(value)) if value else ():
                text = text.replace(form, "{env:" + name + "}")
        return text

    def _serve(self, sock: socket.socket, host: str, port: int) -> None:
        try:
            with sock:
                secure = sock.recv(1, socket.MSG_PEEK) == b"\x16"
                if secure:
                    with authority().context(host).wrap_socket(sock, server_side=True) as wrapped:
                        _Player.play(wrapped, self, f"https://{_authority_part(host, port, 443)}")
                else:
                    _Player.play(sock, self, f"http://{_authority_part(host, port, 80)}")
        except (OSError, ssl.SSLError, ValueError):
            return  # the sandbox's side went away or spoke something else; the case shows it


def _authority_part(host: str, port: int, usual: int) -> str:
    return host if port == usual else f"{host}:{port}"


class _Player(BaseHTTPRequestHandler):
    """One connection's requests, answered from the recording."""

    protocol_version = "HTTP/1.1"
    server_version = "toolreg"
    sys_version = ""

    @classmethod
    def play(cls, sock: socket.socket, network: RecordedNetwork, base: str) -> None:
        # A subclass, since BaseHTTPRequestHandler handles everything inside its constructor.
        type("Player", (cls,), {"network": network, "base": base})(sock, ("sandbox", 0), None)

    network: RecordedNetwork
    base: str

    def _reply(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MAX_BYTES)
        headers = tuple((k, v) for k, v in self.headers.items())
        request = Request(self.command, self.base + self.path, headers, self.rfile.read(length))
        response = self.network.answer(request)
        self.send_response(response.status)
        dropped = {"content-length", "transfer-encoding", "content-encoding", "connection"}
        for name, value in response.headers:
            if name.lower() not in dropped:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _reply

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged; what was asked stands in `requests`."""
