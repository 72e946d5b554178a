"""The network by name: granted hosts through the relay, nothing else at all."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from toolreg.sandbox import Observation, Raised, Returned

Run = Callable[..., Observation]


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        moved = self.path == "/moved"
        body = b"hello"
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", "http://elsewhere.example.org/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_DELETE = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


class Answers:
    """Every granted host is played by the local server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, int]] = []

    def connect(self, host: str, port: int) -> socket.socket:
        self.asked.append((host, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


FETCH = "import urllib.request; return urllib.request.urlopen({url!r}, timeout=5).read().decode()"


def effects(seen: Observation) -> dict[str, str]:
    return {str(each.effect): each.verdict for each in seen.effects}


def test_a_declared_address_is_reached(run: Run, port: int) -> None:
    seen = run(FETCH.format(url=f"http://127.0.0.1:{port}/page"), f"net: 127.0.0.1:{port}")
    assert seen.outcome == Returned("hello", "str")
    (effect,) = seen.effects
    assert (str(effect.effect), effect.verdict, effect.source) == (f"net:127.0.0.1:{port}", "done", "kernel")
    assert "GET /page" in effect.detail


def test_localhost_is_reached_by_its_name(run: Run, port: int) -> None:
    seen = run(FETCH.format(url=f"http://localhost:{port}/"), f"net: localhost:{port}")
    assert (seen.outcome, effects(seen)) == (Returned("hello", "str"), {f"net:localhost:{port}": "done"})


@pytest.mark.parametrize(
    ("granted", "host"),
    [("api.example.com", "api.example.com"), ("*.example.com", "b.example.com"), ("*", "any.example.net")],
)
def test_a_declared_name_is_reached_through_the_given_network(
    run: Run, port: int, granted: str, host: str
) -> None:
    answers = Answers(port)
    seen = run(FETCH.format(url=f"http://{host}/"), f"net: {granted}", network=answers)
    assert (seen.outcome, answers.asked) == (Returned("hello", "str"), [(host, 80)])
    assert effects(seen) == {f"net:{host}": "done"}


def test_another_name_another_port_and_a_bare_address_are_refused_and_seen(run: Run, port: int) -> None:
    answers = Answers(port)
    body = """
    import socket
    for host, number in (("other.example.com", 80), ("api.example.com", 8080), ("93.184.216.34", 80), ("2606:2800::1", 443)):
        try: socket.create_connection((host, number), timeout=3).recv(1)
        except OSError: pass
    """
    seen = run(body, "net: api.example.com", network=answers)
    assert answers.asked == []
    assert effects(seen) == {
        "net:other.example.com": "denied",
        "net:api.example.com:8080": "denied",
        "net:93.184.216.34": "denied",
        "net:[2606:2800::1]": "denied",
    }


def test_a_redirect_to_another_host_ends_there(run: Run, port: int) -> None:
    seen = run(
        FETCH.format(url="http://api.example.com/moved"), "net: api.example.com", network=Answers(port)
    )
    assert isinstance(seen.outcome, Raised)
    assert effects(seen) == {"net:api.example.com": "done", "net:elsewhere.example.org": "denied"}


@pytest.mark.parametrize(
    ("method", "qualifier"), [("GET", ""), ("POST", " (writes)"), ("DELETE", " (deletes)")]
)
def test_the_method_of_a_plain_request_shows_what_it_changes(
    run: Run, port: int, method: str, qualifier: str
) -> None:
    body = f"import urllib.request as u; return u.urlopen(u.Request('http://api.example.com/', method={method!r}), timeout=5).read().decode()"
    seen = run(body, "net: api.example.com (deletes)", network=Answers(port))
    assert effects(seen) == {f"net:api.example.com{qualifier}": "done"}


def test_without_net_nothing_is_reached(run: Run, port: int) -> None:
    for url, effect in (
        (f"http://127.0.0.1:{port}/", f"net:127.0.0.1:{port}"),
        ("http://example.com/", "net:example.com"),
    ):
        seen = run(FETCH.format(url=url))
        assert isinstance(seen.outcome, Raised)
        assert effects(seen) == {effect: "denied"}


def test_datagrams_go_nowhere(run: Run, tier: str) -> None:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(0.2)
    port = receiver.getsockname()[1]
    with receiver:
        seen = run(
            f"import socket\ntry: socket.socket(2, 2).sendto(b'x', ('127.0.0.1', {port}))\nexcept OSError: pass"
        )
        with pytest.raises(TimeoutError):
            receiver.recv(10)
    assert all(each.verdict == "denied" for each in seen.effects)
    assert seen.effects or tier == "B"  # there is no datagram socket to send with


def test_a_network_that_fails_is_seen_as_an_attempt(run: Run) -> None:
    class Broken:
        def connect(self, host: str, port: int) -> socket.socket:  # noqa: ARG002
            raise RuntimeError("no answer recorded")

    seen = run(FETCH.format(url="http://api.example.com/"), "net: api.example.com", network=Broken())
    assert isinstance(seen.outcome, Raised)
    assert [(str(e.effect), e.verdict, e.detail) for e in seen.effects] == [
        ("net:api.example.com", "attempt", "no answer recorded")
    ]


class SlowListener:
    """Every host takes a while to answer, then keeps what it is told."""

    def __init__(self) -> None:
        self.ends: list[socket.socket] = []

    def connect(self, host: str, port: int) -> socket.socket:  # noqa: ARG002 - a network's signature
        threading.Event().wait(0.2)
        given, kept = socket.socketpair()
        self.ends.append(kept)
        return given

    def told(self) -> list[bytes]:
        found = []
        for end in self.ends:
            with end, end.makefile("rb") as file:
                found.append(file.read())
        return found


def test_what_is_said_right_before_the_end_is_seen_and_arrives(run: Run) -> None:
    network = SlowListener()
    body = """
        import socket
        for number in range(6):
            channel = socket.create_connection(("api.example", 80), timeout=5)
            channel.sendall(b"GET" if number < 5 else b"DELETE")
            channel.sendall(b" /%d HTTP/1.1\\r\\nHost: api.example\\r\\n\\r\\n" % number)
            channel.detach()
        os._exit(0)
    """
    seen = run(body, "net: api.example", network=network)
    assert effects(seen)["net:api.example (deletes)"] == "done"
    assert sum(seen.usage.sent.values()) == sum(map(len, network.told())) > 200


def test_a_host_that_is_only_named_in_a_request_is_told(run: Run, port: int) -> None:
    body = """
        import urllib.request
        request = urllib.request.Request("http://api.example/", headers={"Host": "other.example"})
        return urllib.request.urlopen(request, timeout=5).status
    """
    seen = run(body, "net: api.example", network=Answers(port))
    assert seen.outcome == Returned(200, "int")
    assert effects(seen) == {"net:api.example": "done", "net:other.example": "attempt"}
