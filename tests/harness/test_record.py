"""Recording: the real host is asked once, its answer is kept without secrets, and the check then needs no network."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from toolreg.pipeline import check_paths, record_paths

SOURCE = '''
import os
from urllib.request import Request, urlopen

from smolagents import tool


@tool
def quote_of_the_day(url: str) -> str:
    """Fetch the quote of the day from a server.

    Side effects:
        net: {{url}}
        env: QUOTES_KEY

    Args:
        url: Address of the server, e.g. "http://127.0.0.1:8000/".

    Returns:
        The quote.

    Examples:
        >>> quote_of_the_day("{url}")
        'be brief'
        >>> quote_of_the_day("ftp://a.example/")
        Traceback (most recent call last):
        ValueError: the address must begin with http://
    """
    if not url.startswith("http://"):
        raise ValueError("the address must begin with http://")
    request = Request(f"{{url}}?key={{os.environ['QUOTES_KEY']}}", headers={{"Accept": "text/plain"}})
    with urlopen(request, timeout=10) as response:
        return response.read(1000).decode()
'''


class Quotes(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = b"be brief" if "s3cret" in self.path else b"who are you?"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Echo", self.path)
        self.send_header("Set-Cookie", "session=1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    listener = ThreadingHTTPServer(("127.0.0.1", 0), type("Mine", (Quotes,), {"asked": asked}))
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}/", asked
    listener.shutdown()
    listener.server_close()
    thread.join()


def test_what_was_recorded_is_played_back_without_the_network(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = server
    path = tmp_path / "quotes.py"
    path.write_text(SOURCE.format(url=url))
    (before,) = check_paths([str(path)]).judged
    assert before.verdict.status == "INCOMPLETE"
    assert any("no recorded answer for GET" in str(r) for r in before.verdict.reasons), before.verdict.reasons
    assert asked == []
    (recorded,) = record_paths([str(path)], {"QUOTES_KEY": "s3cret", "HOME": "/root"})
    assert (recorded.answers, recorded.problems, asked) == (1, (), ["/?key=s3cret"])
    text = (tmp_path / "quotes.responses.json").read_text()
    assert "s3cret" not in text
    assert "session=1" not in text
    (entry,) = json.loads(text)["responses"]
    assert entry["request"]["url"] == url + "?key={env:QUOTES_KEY}"
    (after,) = check_paths([str(path)]).judged
    assert after.verdict.status == "APPROVED", after.verdict.reasons
    assert len(asked) == 1
