"""What the host and the zygote tell each other. Only trusted code writes here; a tool's output never does."""

from __future__ import annotations

import _socket
import errno
import os
import struct
import time

from . import light

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LARGEST = 1 << 16
_MOST_DESCRIPTORS = 128
_ATTEMPTS, _PAUSE = 2000, 0.005
_CLOSE_ON_EXEC = 0x40000000  # MSG_CMSG_CLOEXEC
_ROOM = _socket.CMSG_SPACE(_MOST_DESCRIPTORS * 4)


class Descriptors:
    """What a request carries: the payload, and where result, stdout, stderr and control messages go."""

    __slots__ = ("control", "payload", "result", "stderr", "stdout")

    def __init__(self, payload: int, result: int, stdout: int, stderr: int, control: int) -> None:
        self.payload = payload
        self.result = result
        self.stdout = stdout
        self.stderr = stderr
        self.control = control

    def streams(self) -> tuple[int, int, int]:
        return self.result, self.stdout, self.stderr

    def all(self) -> tuple[int, ...]:
        return self.payload, *self.streams(), self.control


def send(channel: _socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
    data = [light.dumps(message).encode()]
    rights = struct.pack(f"{len(descriptors)}i", *descriptors)
    carried = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)] if descriptors else []
    for _ in range(_ATTEMPTS):
        try:
            channel.sendmsg(data, carried)
            return
        except OSError as error:
            # The kernel bounds the descriptors that a user's processes have on the way: busy, not broken.
            if error.errno != errno.ETOOMANYREFS:
                raise
        time.sleep(_PAUSE)
    channel.sendmsg(data, carried)


def receive(channel: _socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One message and its descriptors; ({}, []) at the end of the conversation."""
    data, carried, _, _ = channel.recvmsg(_LARGEST, _ROOM, _CLOSE_ON_EXEC)
    descriptors: list[int] = []
    for level, kind, rights in carried:
        if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
            descriptors += struct.unpack(f"{len(rights) // 4}i", rights[: len(rights) // 4 * 4])
    return (light.loads(data) if data else {}), descriptors


def write_payload(plan: dict[str, Any], code: bytes) -> int:
    """A descriptor that holds one request of any size."""
    head = light.dumps(plan).encode()
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
    return light.loads(data[8 : 8 + length]), data[8 + length :]
