"""What a call says in plain of the hosts that it means."""

from __future__ import annotations

import os
import ssl

import pytest

from toolreg.sandbox.backends.linux import seen
from toolreg.sandbox.backends.linux.egress import Connection
from toolreg.sandbox.backends.linux.relay import Traffic


def said(*parts: bytes) -> Traffic:
    traffic = Traffic()
    for part in parts:
        traffic.look(part)
    return traffic


def greeting(name: str) -> bytes:
    """What a TLS client sends first."""
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(coming, going, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return going.read()


@pytest.mark.parametrize(
    ("parts", "hosts"),
    [
        ((b"GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n",), {"a.example"}),
        ((b"GET / HTTP/1.1\r\nHo", b"st:  A.Example.\r", b"\n\r\n"), {"a.example"}),
        ((b"GET / HTTP/1.1\nHost: a.example\n\nHost: body.example\n",), {"a.example"}),
        ((b"GET http://me@b.example:1/x HTTP/1.1\r\nHost: a.example\r\n\r\n",), {"a.example", "b.example"}),
        ((b"CONNECT b.example:443 HTTP/1.1\r\n\r\n",), {"b.example"}),
        ((b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",), {"::1"}),
        ((b"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n",), {"a", "b"}),
        ((b"Host: a.example\r\n\r\n",), set()),
        ((greeting("c.example"),), {"c.example"}),
    ],
)
def test_hosts_are_named_by_heads_and_greetings(parts: tuple[bytes, ...], hosts: set[str]) -> None:
    assert said(*parts).hosts == hosts


def test_a_greeting_may_come_in_any_pieces() -> None:
    whole = greeting("c.example")
    for cut in range(1, len(whole), 7):
        assert said(whole[:cut], whole[cut:]).hosts == {"c.example"}


@pytest.mark.parametrize(
    ("head", "changes", "deletes"),
    [
        (b"GET / HTTP/1.1\r\nX-HTTP-Method-Override: delete\r\n\r\n", False, True),
        (b"GET / HTTP/1.1\r\nx-method-override:PUT\r\n\r\n", True, False),
        (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", True, False),
        (b"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", False, False),
    ],
)
def test_a_head_tells_what_the_method_hides(head: bytes, changes: bool, deletes: bool) -> None:
    traffic = said(head)
    assert (traffic.changes, traffic.deletes) == (changes, deletes)


def test_noise_names_nobody() -> None:
    whole = greeting("c.example")
    for length in (1, 5, 9, 60):
        for _ in range(50):
            assert not said(b"\x16\x03\x01" + os.urandom(length), os.urandom(length)).hosts
            assert not said(whole[:length] + os.urandom(length)).hosts


@pytest.mark.parametrize(
    ("host", "named", "effects"),
    [
        ("a.example", {"a.example"}, []),
        ("localhost", {"127.0.0.1", "::1"}, []),
        ("a.example", {"b.example"}, ["net:b.example"]),
    ],
)
def test_another_host_that_is_named_is_an_effect(host: str, named: set[str], effects: list[str]) -> None:
    connection = Connection(host, 80, granted=True)
    connection.traffic.hosts |= named
    assert [str(each.effect) for each in seen._meant(connection)] == effects
