"""Every usual HTTP client is recorded once and plays back without the network: redirects, streams, logins, one connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from toolreg.pipeline import check_paths, record_paths

CLIENTS = {
    "urllib": (
        "import json\nimport os\nfrom urllib.request import Request, urlopen",
        "blob = urlopen('{one}/start', timeout=5).read()\n"
        "ask = Request('{one}/login?token=abc123', data=json.dumps({{'user': text, 'password': os.environ['ACME_KEY']}}).encode())\n"
        "told = json.load(urlopen(ask, timeout=5))",
    ),
    "requests": (
        "import os\nimport requests",
        "with requests.Session() as session:\n    blob = session.get('{one}/start', timeout=5).content\n"
        "    told = session.post('{one}/login?token=abc123', json={{'user': text, 'password': os.environ['ACME_KEY']}}, timeout=5).json()",
    ),
    "httpx2": (
        "import os\nimport httpx2",
        "with httpx2.Client(follow_redirects=True, timeout=5) as client:\n    blob = client.get('{one}/start').content\n"
        "    told = client.post('{one}/login?token=abc123', json={{'user': text, 'password': os.environ['ACME_KEY']}}).json()",
    ),
    "httpx": (
        "import os\nimport httpx",
        "with httpx.Client(follow_redirects=True, timeout=5) as client:\n    blob = client.get('{one}/start').content\n"
        "    told = client.post('{one}/login?token=abc123', json={{'user': text, 'password': os.environ['ACME_KEY']}}).json()",
    ),
    "aiohttp": (
        "import asyncio\nimport os\nimport aiohttp",
        "async def both():\n    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:\n"
        "        async with session.get('{one}/start') as answer:\n            blob = await answer.read()\n"
        "        async with session.post('{one}/login?token=abc123', json={{'user': text, 'password': os.environ['ACME_KEY']}}) as answer:\n"
        "            return blob, await answer.json()\n"
        "blob, told = asyncio.run(both())",
    ),
}
EFFECTS = "net: 127.0.0.1:{a} (writes)\nnet: localhost:{b}\nenv: ACME_KEY"
BLOB = bytes(range(256)) * 40


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    other = ""
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/start":
            self._answer(302, b"", {"Location": f"{self.other}/blob"})
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(BLOB), 1000):
            part = BLOB[at : at + 1000]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self) -> None:
        self.asked.append(self.path)
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = {"hello": told["user"], "access_token": "issued-by-the-server", "echo": told["password"]}
        self._answer(
            200, json.dumps(body).encode(), {"Set-Cookie": "session=s1", "Content-Type": "application/json"}
        )

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def sites() -> Iterator[tuple[int, int, list[str]]]:
    asked: list[str] = []
    second = ThreadingHTTPServer(("127.0.0.1", 0), type("Second", (Site,), {"asked": asked}))
    other = f"http://localhost:{second.server_port}"
    first = ThreadingHTTPServer(("127.0.0.1", 0), type("First", (Site,), {"asked": asked, "other": other}))
    threads = [threading.Thread(target=each.serve_forever, daemon=True) for each in (first, second)]
    for thread in threads:
        thread.start()
    yield first.server_port, second.server_port, asked
    for each in (first, second):
        each.shutdown()
        each.server_close()


@pytest.mark.parametrize("client", CLIENTS)
def test_it_is_recorded_and_played_back(
    client: str, make: Callable[..., Path], sites: tuple[int, int, list[str]]
) -> None:
    pytest.importorskip(client, reason=f"needs {client}")
    a, b, asked = sites
    head, body = CLIENTS[client]
    made = make(
        head=head,
        body=body.format(one=f"http://127.0.0.1:{a}") + "\nreturn f\"{len(blob)} {told['hello']}\"",
        effects=EFFECTS.format(a=a, b=b),
        examples=f">>> probe('ann')\n'{len(BLOB)} ann'",
    )
    (recorded,) = record_paths([str(made)], {"ACME_KEY": "s3cret-value-1"})
    assert (recorded.problems, recorded.answers) == ((), 3)
    text = (made.parent / "probe.responses.json").read_text()
    for secret in ("s3cret-value-1", "issued-by-the-server", "session=s1", "abc123"):
        assert secret not in text
    count = len(asked)
    (judged,) = check_paths([str(made)]).judged
    results = judged.report.trial.results if judged.report.trial else ()
    assert results
    assert [(r.title, r.failures, r.beyond, r.problems) for r in results if r.against or r.problems] == []
    assert len(asked) == count
