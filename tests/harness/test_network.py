"""The recorded network answers over plain connections and TLS, and remembers what it had no answer for."""

import json
import ssl

import pytest

from toolreg.errors import HarnessError
from toolreg.harness.network import RecordedNetwork, read_recording

RECORDING = {
    "responses": [
        {
            "request": {"method": "get", "url": "https://a.example/x"},
            "response": {"status": 200, "headers": {"Content-Type": "text/plain"}, "body": "hello"},
        },
        {
            "request": {"method": "POST", "url": "http://a.example:8080/"},
            "response": {"status": 201, "body_base64": "AAE="},
        },
    ]
}


@pytest.fixture
def network() -> RecordedNetwork:
    return RecordedNetwork(read_recording(json.dumps(RECORDING).encode(), "x.responses.json"))


def ask(network: RecordedNetwork, host: str, port: int, request: str, *, tls: bool) -> bytes:
    with network.connect(host, port) as plain:
        context = ssl.create_default_context(cadata=network.certificate.decode())
        sock = context.wrap_socket(plain, server_hostname=host) if tls else plain
        sock.sendall(request.replace("\n", "\r\n").encode())
        parts = []
        while part := sock.recv(65536):
            parts.append(part)
        sock.close()
    return b"".join(parts)


def test_a_recorded_answer_is_played_over_tls(network: RecordedNetwork) -> None:
    answer = ask(
        network, "a.example", 443, "GET /x HTTP/1.1\nHost: a.example\nConnection: close\n\n", tls=True
    )
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\nhello")
    assert network.missing == []


def test_a_recorded_answer_is_played_in_plain_and_may_be_bytes(network: RecordedNetwork) -> None:
    request = "POST / HTTP/1.1\nHost: a.example:8080\nContent-Length: 2\nConnection: close\n\nhi"
    assert ask(network, "a.example", 8080, request, tls=False).endswith(b"\x00\x01")


def test_what_has_no_answer_is_remembered(network: RecordedNetwork) -> None:
    answer = ask(
        network, "b.example", 80, "GET /y HTTP/1.1\nHost: b.example\nConnection: close\n\n", tls=False
    )
    assert answer.startswith(b"HTTP/1.1 599")
    assert network.missing == ["GET http://b.example/y"]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"responses": [{}]}', b'{"responses": 1}', b"[" * 100_000,
     b'{"responses": [{"request": {"method": "GET", "url": "u"}, "response": {"status": 200, "body_base64": "?"}}]}'],
)  # fmt: skip
def test_a_broken_recording_is_named(data: bytes) -> None:
    with pytest.raises(HarnessError, match="recorded responses") as caught:
        read_recording(data, "x.responses.json")
    assert caught.value.path == "x.responses.json"
