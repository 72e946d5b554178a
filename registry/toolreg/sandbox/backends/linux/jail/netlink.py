"""Loopback of a fresh network namespace, brought up and made to answer for every address."""

from __future__ import annotations

import _socket
import os
import struct

_NETLINK, _ROUTE = 16, 0
_NEW_LINK, _NEW_ROUTE = 16, 24
_REQUEST_ACK, _CREATE = 5, 0x405
_TABLE_LOCAL, _PROTOCOL_BOOT, _SCOPE_HOST, _SCOPE_ANY, _TYPE_LOCAL = 255, 3, 254, 0, 2
_RTA_OIF = 4
_LOOPBACK = 1


def _send(kind: int, flags: int, body: bytes) -> None:
    channel = _socket.socket(_NETLINK, _socket.SOCK_RAW, _ROUTE)
    try:
        channel.send(struct.pack("IHHII", 16 + len(body), kind, flags, 1, 0) + body)
        number = -struct.unpack_from("i", channel.recv(4096), 16)[0]
    finally:
        channel.close()
    if number:
        raise OSError(number, f"netlink: {os.strerror(number)}")


def loopback_up() -> None:
    up = 1
    _send(_NEW_LINK, _REQUEST_ACK, struct.pack("BxHiII", 0, 0, _LOOPBACK, up, up))


def every_address_is_local(family: int) -> None:
    """Every address leads to loopback, so that a listener there stands for any host. Raises OSError."""
    scope = _SCOPE_HOST if family == _socket.AF_INET else _SCOPE_ANY
    head = struct.pack("BBBBBBBBI", family, 0, 0, 0, _TABLE_LOCAL, _PROTOCOL_BOOT, scope, _TYPE_LOCAL, 0)
    _send(_NEW_ROUTE, _CREATE, head + struct.pack("HHI", 8, _RTA_OIF, _LOOPBACK))
