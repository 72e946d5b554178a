from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from toolreg.errors import NotFound, UsageError
from toolreg.load import Ref
from toolreg.load.reader import Hubs, collection_slug, hub_of, reader

SLUG = "acme/weather-tools-0123456789abcdef01234567"
# The shape of the Hub's own answer to GET /api/collections/{slug}.
COLLECTION = {
    "slug": SLUG, "title": "Weather tools", "description": "", "lastUpdated": "2026-11-01T10:00:00.000Z", "gating": False,
    "owner": {"name": "acme", "type": "org"}, "theme": "blue", "private": False, "upvotes": 0, "isUpvotedByUser": False, "position": 0,
    "items": [
        {"_id": "a" * 24, "position": 0, "type": "space", "id": "acme/city-weather", "author": "acme", "likes": 1},
        {"_id": "b" * 24, "position": 1, "type": "model", "id": "acme/forecaster", "author": "acme"},
        {"_id": "c" * 24, "position": 2, "type": "space", "id": "zoo/tide-table", "author": "zoo", "note": {"text": "tides", "html": "tides"}},
    ],
}  # fmt: skip


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == f"/api/collections/{SLUG}"
        body = json.dumps(COLLECTION if found else {"error": "Collection not found"}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Quiet."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("text", [f"collections/{SLUG}", f"https://huggingface.co/collections/{SLUG}"])
def test_a_collection_is_its_spaces_in_its_order(endpoint, text):
    with Hubs() as hubs:
        assert hubs.refs(text, endpoint) == (Ref("acme/city-weather"), Ref("zoo/tide-table"))


def test_a_missing_collection_says_so(endpoint):
    with Hubs() as hubs, pytest.raises(NotFound):
        hubs.refs("collections/acme/nothing-0123456789abcdef01234568", endpoint)


@pytest.mark.parametrize(
    "text", ["acme/weather", "collections/acme", "collections/acme/x", "acme/x-0123456789abcdef01234567"]
)
def test_anything_else_is_no_collection(text):
    assert collection_slug(text) == ""


def test_one_tool_opens_no_hub():
    with Hubs() as hubs:
        assert hubs.refs("acme/x@v1.0.0", "no such hub") == (Ref("acme/x", "v1.0.0"),)
        with pytest.raises(UsageError, match="unknown target"):
            hubs("no such hub")("acme/x", "")


def test_the_lock_lies_beside_the_projects_pyproject(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("[tool.toolreg.trust]\nmax-age = 30\n")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert reader().lock_path == tmp_path / "toolreg.lock"
    assert reader(lock="other.lock").lock_path.name == "other.lock"
    rule = reader().policy.rule("acme/x")
    assert rule.max_age is not None
    assert rule.max_age.days == 30


@pytest.mark.parametrize(
    ("token_for", "sent"),
    [("", None), ("https://hub.example", "t"), ("https://hub.example/", "t"), ("https://other", None)],
)
def test_a_token_is_sent_to_its_own_hub_alone(token_for, sent):
    with Hubs(token="t", token_for=token_for) as hubs:
        assert hubs.hub("https://hub.example").token == sent


@pytest.mark.parametrize(
    ("text", "hub"),
    [
        ("acme/x", "local"),
        ("acme/x@v1.0.0", "local"),
        ("https://huggingface.co/spaces/acme/x", "hf"),
        ("hf.co/spaces/acme/x", "hf"),
        ("http://127.0.0.1:8300/spaces/acme/x", "http://127.0.0.1:8300"),
        (f"https://huggingface.co/collections/{SLUG}", "hf"),
        (f"collections/{SLUG}", "local"),
        ("hf.company/x", "local"),
    ],
)
def test_a_pasted_address_names_its_hub(text, hub):
    assert hub_of(text, "local") == hub
