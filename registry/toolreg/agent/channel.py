"""The host's end of the channel into the sandbox. Whatever arrives is a stranger's: bounded and checked."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolreg.agent.codec import MOST_CONTAINERS, CodecError, decode, holds_too_much

LARGEST_MESSAGE = 16 << 20
MOST_MESSAGES = 200_000


class ChannelBroken(Exception):
    """The other side is gone or speaks nonsense; nothing more is read from it."""


class StepTimeout(Exception):
    """Nothing came in time."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker listens."""


@dataclass(frozen=True, slots=True)
class Printed:
    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """The agent's code calls a tool with arguments by name."""

    id: int
    name: str
    arguments: dict[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A step has ended: with an error, or a value, which may be the final answer."""

    id: int
    value: Any = None
    is_final: bool = False
    outside: bool = False
    error: str | None = None


Message = Ready | Printed | Called | Done


class Channel:
    """Frames of four bytes of length and JSON. Reads with a deadline; never trusts a length."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(end.fileno(), select.POLLIN)
        self._buffer = bytearray()
        self.received = 0

    def send(self, message: Mapping[str, Any], limit: float) -> None:
        """Send one message. Raises ChannelBroken, StepTimeout at `limit` (time.monotonic)."""
        data = json.dumps(message).encode()
        if len(data) > LARGEST_MESSAGE:
            raise CodecError("the value is too large to be handed to the agent's code")
        view = memoryview(len(data).to_bytes(4, "big") + data)
        waits = select.poll()
        waits.register(self._socket.fileno(), select.POLLOUT)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                if not waits.poll(_milliseconds(limit)):
                    raise StepTimeout from None
            except OSError as error:
                raise ChannelBroken("the sandbox has ended") from error

    def receive(self, limit: float) -> Message:
        """The next message. Raises ChannelBroken, StepTimeout at `limit` (time.monotonic)."""
        self.received += 1
        if self.received > MOST_MESSAGES:
            raise ChannelBroken(f"the agent's code sent more than {MOST_MESSAGES} messages in a step")
        size = int.from_bytes(self._exactly(4, limit), "big")
        if size > LARGEST_MESSAGE:
            raise ChannelBroken(f"a message of {size} bytes was announced, {LARGEST_MESSAGE} is the limit")
        return _parse(self._exactly(size, limit))

    def close(self) -> None:
        self._socket.close()

    def _exactly(self, size: int, limit: float) -> bytes:
        while len(self._buffer) < size:
            try:
                part = self._socket.recv(1 << 20)
            except BlockingIOError:
                if not self._poll.poll(_milliseconds(limit)):
                    raise StepTimeout from None
                continue
            except OSError as error:
                raise ChannelBroken("the sandbox has ended") from error
            if not part:
                raise ChannelBroken("the sandbox has ended")
            self._buffer += part
            if time.monotonic() > limit:
                raise StepTimeout
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data


def _milliseconds(limit: float) -> int:
    return max(0, min(int((limit - time.monotonic()) * 1000) + 1, 3_600_000))


def _parse(data: bytes) -> Message:
    try:
        text = data.decode()
        if holds_too_much(text):
            raise ChannelBroken(f"a message of more than {MOST_CONTAINERS} lists and mappings came")
        message = json.loads(text)
        # Half a character breaks whoever writes it on: a terminal, a model's client.
        if "\\ud" in text.lower():
            message = _whole(message)
    except (ValueError, RecursionError) as error:
        raise ChannelBroken("a message is no JSON") from error
    kind = message.get("op") if isinstance(message, dict) else None
    parse = _PARSERS.get(kind) if isinstance(kind, str) else None
    if parse is None:
        raise ChannelBroken("a message of an unknown kind came")
    try:
        return parse(message)
    except (KeyError, TypeError, CodecError, RecursionError) as error:
        raise ChannelBroken(f"a message '{kind}' is malformed") from error


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return value


def _field(message: Mapping[str, Any], name: str, kind: type) -> Any:
    value = message[name]
    if type(value) is not kind:
        raise TypeError(name)
    return value


def _printed(message: Mapping[str, Any]) -> Message:
    return Printed(_field(message, "text", str))


def _called(message: Mapping[str, Any]) -> Message:
    number, name = _field(message, "id", int), _field(message, "name", str)
    if len(name) > 200:
        raise TypeError("name")
    try:
        arguments = decode(_field(message, "arguments", dict))
    except CodecError as error:
        return Called(number, name, {}, f"arguments that cannot be read: {error}")
    if not isinstance(arguments, dict) or not all(isinstance(k, str) for k in arguments):
        return Called(number, name, {}, "arguments must be named")
    return Called(number, name, arguments)


def _done(message: Mapping[str, Any]) -> Message:
    number = _field(message, "id", int)
    if "error" in message:
        return Done(number, error=_field(message, "error", str))
    if message.get("outside") is True:
        return Done(number, is_final=True, outside=True)
    is_final = "final" in message
    return Done(number, decode(message["final" if is_final else "value"]), is_final=is_final)


_PARSERS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    "ready": lambda _: Ready(),
    "print": _printed,
    "call": _called,
    "done": _done,
}
