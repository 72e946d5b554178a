"""What the host and the zygote tell each other. Only trusted code writes here; a tool's output never does."""

from __future__ import annotations

import errno
import json
import os
import socket
import struct
import time
from typing import Any, NamedTuple

_LARGEST = 1 << 16
_MOST_DESCRIPTORS = 128
_ATTEMPTS, _PAUSE = 2000, 0.005


class Descriptors(NamedTuple):
    """What a request carries: the payload, and where result, stdout, stderr and control messages go."""

    payload: int
    result: int
    stdout: int
    stderr: int
    control: int


def send(channel: socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
    data = [json.dumps(message).encode()]
    for _ in range(_ATTEMPTS):
        try:
            socket.send_fds(channel, data, descriptors)
            return
        except OSError as error:
            # The kernel bounds the descriptors that a user's processes have on the way: busy, not broken.
            if error.errno != errno.ETOOMANYREFS:
                raise
        time.sleep(_PAUSE)
    socket.send_fds(channel, data, descriptors)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One message and its descriptors; ({}, []) at the end of the conversation."""
    data, descriptors, _, _ = socket.recv_fds(channel, _LARGEST, _MOST_DESCRIPTORS)
    return (json.loads(data) if data else {}), list(descriptors)


def write_payload(plan: dict[str, Any], code: bytes) -> int:
    """A descriptor that holds one request of any size."""
    head = json.dumps(plan).encode()
    handle = os.memfd_create("call", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(handle), "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + code)
    return handle


def read_payload(handle: int) -> tuple[dict[str, Any], bytes]:
    data = b""
    size = os.fstat(handle).st_size
    while len(data) < size:
        data += os.pread(handle, size - len(data), len(data))
    length = struct.unpack_from("<Q", data)[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]
