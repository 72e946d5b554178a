"""Whom a call means, by its own words: the hosts that its requests and TLS greetings name.

A connection goes to a granted host and no other. What stands behind that host may pass a request on to another
one, if the request names it: then the call means that one, and it must be declared.
"""

from __future__ import annotations

import re
import struct

_LONGEST_HEAD = 8192
_LONGEST_GREETING = 16384
_FIELD = re.compile(rb"([A-Za-z-]{1,40})[ \t]*:[ \t]*([^\r\n]{0,512})")
_NAME = re.compile(rb"[A-Za-z0-9._-]{1,253}\Z")
_ABSOLUTE = re.compile(rb"[A-Za-z]{2,10}://(?:[^@/?#]*@)?([^/?#]*)")
_OVERRIDES = (b"x-http-method", b"x-http-method-override", b"x-method-override")
_HANDSHAKE, _CLIENT_HELLO, _SERVER_NAME = 22, 1, 0


class Head:
    """One request's head, which may come in pieces."""

    def __init__(self, method: str, target: bytes) -> None:
        self.over = False
        self.methods = [method]
        self.upgrades = False
        self._data = b""
        absolute = _ABSOLUTE.match(target)
        self._hosts = [absolute[1]] if absolute else [target] if method == "CONNECT" else []

    def add(self, data: bytes) -> None:
        """More of it; what comes after its end is left alone."""
        self._data = (self._data + data)[:_LONGEST_HEAD]
        end = re.search(rb"(?:\A|\n)\r?\n", self._data)
        self.over = end is not None or len(self._data) == _LONGEST_HEAD
        for line in self._data[: end.start() if end else None].split(b"\n"):
            field = _FIELD.match(line)
            if field is not None:
                self._note(field[1].lower(), field[2].strip())

    def hosts(self) -> set[str]:
        """Names and addresses, without their ports."""
        return {name for host in self._hosts if (name := _without_port(host))}

    def _note(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            self._hosts.append(value)
        elif name in _OVERRIDES:
            self.methods.append(value.decode("latin-1").upper())
        elif name == b"upgrade":
            self.upgrades = True


def _without_port(host: bytes) -> str:
    if host.startswith(b"["):
        return host[1:].partition(b"]")[0].decode("latin-1").lower()
    name = host.partition(b":")[0].rstrip(b".")
    return name.decode("latin-1").lower() if _NAME.match(name) else ""


class Greeting:
    """The first bytes of a connection, for as long as they may be the start of TLS."""

    def __init__(self) -> None:
        self._data = b""
        self.over = False

    def add(self, data: bytes) -> str:
        """The server that the client names, once it is known; else nothing."""
        self._data += data
        if self._data[0] != _HANDSHAKE or len(self._data) > _LONGEST_GREETING:
            self.over = True
            return ""
        try:
            hello = _handshake(self._data)
            name = _server_name(hello) if hello is not None else ""
        except (struct.error, IndexError):
            self.over = True
            return ""
        self.over = hello is not None
        return name


def _handshake(data: bytes) -> bytes | None:
    """The client's greeting, put together from its records; None while some of it is missing."""
    found, at = b"", 0
    while len(data) >= at + 5 and data[at] == _HANDSHAKE:
        length = struct.unpack_from(">H", data, at + 3)[0]
        found += data[at + 5 : at + 5 + length]
        at += 5 + length
    if len(found) < 4:
        return None
    if found[0] != _CLIENT_HELLO:
        raise IndexError("another message")
    whole = int.from_bytes(found[1:4], "big")
    return found[4 : 4 + whole] if len(found) >= 4 + whole else None


def _server_name(hello: bytes) -> str:
    at = 34  # version and random
    at += 1 + hello[at]
    at += 2 + struct.unpack_from(">H", hello, at)[0]
    at += 1 + hello[at]
    end = at + 2 + struct.unpack_from(">H", hello, at)[0] if at < len(hello) else 0
    at += 2
    while at + 4 <= end:
        kind, length = struct.unpack_from(">HH", hello, at)
        if kind == _SERVER_NAME and length > 5:
            return _without_port(hello[at + 9 : at + 4 + length])
        at += 4 + length
    return ""
