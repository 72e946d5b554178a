"""Audits of Hubs that lie over HTTP: each ends, soon and in little memory, with one line and its name."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from toolreg.audit import audit
from toolreg.audit.sources import hub_source
from toolreg.errors import HubError
from toolreg.hub import transport
from toolreg.hub.client import Hub

Answer = Callable[[BaseHTTPRequestHandler], None]
CODE = b"from smolagents import tool\n"


@contextmanager
def hub(answer: Answer) -> Iterator[Hub]:
    """A Hub on loopback that answers every request like that."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Hub(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


def say(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, length: int = -1) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body) if length < 0 else length))
    request.end_headers()
    request.wfile.write(body)


def without_end(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b'[{"id": "acme/t", "x": "' + b"x" * 50_000)
    except OSError:
        pass


def listing(of: int) -> bytes:
    rows = [
        {
            "id": f"acme/t{n}",
            "sha": "a" * 40,
            "tags": ["smolagents", "tool"],
            "siblings": [{"rfilename": "tool.py"}],
        }
        for n in range(of)
    ]
    return json.dumps(rows).encode()


def files(answer: Answer) -> Answer:
    """An honest listing of twenty tools, each file of which is answered like that."""
    return lambda request: answer(request) if "tool.py" in request.path else say(request, listing(20))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r: say(r, b"oops", 500), "answered 500"),
        (lambda r: say(r, b"<html>"), "makes no sense"),
        (lambda r: say(r, b"[" * 200_000), "makes no sense"),
        (lambda r: say(r, b"[", length=9000), "the connection to .* broke"),
        (without_end, "answers without end"),
        (files(lambda r: say(r, CODE, length=9000)), "failed 5 times in a row"),
        (files(lambda r: say(r, b"oops", 503)), "failed 5 times in a row"),
    ],
    ids=["500", "no JSON", "deep JSON", "cut listing", "endless listing", "cut files", "503 for every file"],
)
def test_a_hub_that_lies_ends_the_audit_with_its_name(
    answer: Answer, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1_000_000)
    with hub(answer) as liar, pytest.raises(HubError, match=words) as caught:
        audit("acme", tmp_path / "out", engine_name="here", source=hub_source(liar, "acme"))
    assert "run the same command again" in caught.value.hint


def test_files_without_end_are_rows_and_not_read(tmp_path: Path) -> None:
    with hub(files(without_end)) as liar:
        summary = audit("acme", tmp_path / "out", engine_name="here", source=hub_source(liar, "acme"))
    assert {e["message"] for e in summary.errors} == {"larger than 4 MB"}
    assert (summary.not_judged, summary.exit_code("never")) == (20, 3)
