"""Whatever comes from inside is a stranger's."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from toolreg.agent import SandboxExecutor
from toolreg.agent.channel import LARGEST_MESSAGE, Called, Channel, ChannelBroken, Done, Printed, StepTimeout
from toolreg.agent.executor import StepKilled

# The agent's code takes the channel for itself and says what it likes.
FORGE = (
    "worker = print.__self__.__dict__['__import__']('sys').modules['toolreg_worker']\n"
    "gc = print.__self__.__dict__['__import__']('gc')\n"
    "channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')\n"
)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Channel]]:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    yield theirs, channel
    channel.close()
    theirs.close()


def say(end: socket.socket, data: bytes) -> None:
    end.sendall(struct.pack(">I", len(data)) + data)


def soon() -> float:
    return time.monotonic() + 5


def test_messages_arrive_as_values(ends: tuple[socket.socket, Channel]) -> None:
    end, channel = ends
    for message in (
        {"op": "print", "text": "hi"},
        {"op": "call", "id": 1, "name": "add", "arguments": {"a": {"$": "tuple", "v": [1]}}},
        {"op": "done", "id": 1, "value": 5},
        {"op": "done", "id": 2, "final": {"$": "set", "v": [1]}},
        {"op": "done", "id": 3, "error": "broken"},
        {"op": "done", "id": 4, "outside": True},
    ):
        say(end, json.dumps(message).encode())
    assert [channel.receive(soon()) for _ in range(6)] == [
        Printed("hi"),
        Called(1, "add", {"a": (1,)}),
        Done(1, 5),
        Done(2, {1}, is_final=True),
        Done(3, error="broken"),
        Done(4, is_final=True, outside=True),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"7",
        b'{"op": "shell"}',
        b'{"op": ["print"]}',
        b'{"op": "print"}',
        b'{"op": "print", "text": 7}',
        b'{"op": "call", "id": "1", "name": "x", "arguments": {}}',
        b'{"op": "call", "id": true, "name": "x", "arguments": {}}',
        b'{"op": "call", "id": 1, "name": "x", "arguments": []}',
        b'{"op": "call", "id": 1, "name": "' + b"x" * 300 + b'", "arguments": {}}',
        b'{"op": "done"}',
        b'{"op": "done", "id": 1}',
        b'{"op": "done", "id": 1, "value": {"$": "code", "v": ""}}',
        b'{"op": "done", "id": 1, "error": {}}',
        b"[" * 200_000,
        b'{"op": "done", "id": 1, "value": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"op": "done", "id": ' + b"9" * 10_000 + b', "value": 1}',
        b"\xff\xfe",
    ],
)
def test_nonsense_ends_the_conversation(ends: tuple[socket.socket, Channel], data: bytes) -> None:
    end, channel = ends
    say(end, data)
    with pytest.raises(ChannelBroken):
        channel.receive(soon())


def test_arguments_that_cannot_be_read_are_told_to_the_code(ends: tuple[socket.socket, Channel]) -> None:
    end, channel = ends
    say(end, b'{"op": "call", "id": 1, "name": "add", "arguments": {"a": {"$": "pickle", "v": "x"}}}')
    called = channel.receive(soon())
    assert isinstance(called, Called)
    assert "unknown type" in called.problem


def test_a_huge_announcement_is_not_waited_for(ends: tuple[socket.socket, Channel]) -> None:
    end, channel = ends
    end.sendall(struct.pack(">I", LARGEST_MESSAGE + 1))
    with pytest.raises(ChannelBroken, match="was announced"):
        channel.receive(soon())


def test_a_message_that_never_ends_times_out(ends: tuple[socket.socket, Channel]) -> None:
    end, channel = ends
    end.sendall(struct.pack(">I", 1000) + b"half")
    with pytest.raises(StepTimeout):
        channel.receive(time.monotonic() + 0.1)


def test_the_end_of_the_other_side_is_noticed(ends: tuple[socket.socket, Channel]) -> None:
    end, channel = ends
    end.close()
    with pytest.raises(ChannelBroken, match="has ended"):
        channel.receive(soon())
    with pytest.raises(ChannelBroken):
        channel.send({"op": "run"}, soon())


@pytest.mark.parametrize(
    "forged",
    [
        "channel.send({'op': 'nonsense'})",
        "channel._socket.sendall(b'\\xff' * 100)",
        "channel.send({'op': 'done', 'id': 999, 'value': 1})",
        "channel.send({'op': 'ready'})",
        "channel._socket.sendall(b'\\x00\\x00\\x00\\x05hello')",
        "channel.send({'op': 'call', 'id': 5, 'name': 5, 'arguments': {}})",
        "channel._socket.close()",
    ],
)
def test_agent_code_that_forges_messages_harms_only_itself(executor: SandboxExecutor, forged: str) -> None:
    executor.step_timeout = 5
    with pytest.raises(StepKilled):
        executor(FORGE + forged)
    assert executor("add(1, 2)").output == 3


def test_a_forged_answer_is_believed_as_the_codes_own(executor: SandboxExecutor) -> None:
    """The code may answer what it likes; that it forges it gains nothing."""
    step = executor._step + 1
    assert executor(FORGE + f"channel.send({{'op': 'done', 'id': {step}, 'value': 'mine'}})").output == "mine"
    with pytest.raises(StepKilled):
        executor("1")
    assert executor("2").output == 2


def test_a_flood_of_messages_is_stopped(executor: SandboxExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolreg.agent.channel.MOST_MESSAGES", 100)
    with pytest.raises(StepKilled, match="more than 100 messages"):
        executor(FORGE + "while True:\n    channel.send({'op': 'print', 'text': ''})")


def test_a_call_of_a_tool_that_is_not_offered_is_refused(executor: SandboxExecutor) -> None:
    forged = "channel.ask({'op': 'call', 'name': 'rm', 'arguments': {}})['error']"
    assert executor(FORGE + forged).output == "there is no tool 'rm'"


def test_a_text_of_nothing_but_lists_is_refused_unread(ends: tuple[socket.socket, Channel]) -> None:
    theirs, channel = ends
    lists = b"[" + b",".join([b"[]"] * 1_000_001) + b"]"
    sender = threading.Thread(target=say, args=(theirs, b'{"op":"done","id":1,"value":' + lists + b"}"))
    sender.start()
    with pytest.raises(ChannelBroken, match="lists and mappings"):
        channel.receive(time.monotonic() + 60)
    sender.join()
