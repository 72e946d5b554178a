"""A server's command, run in the sandbox: its standard input and output are the private channel."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from toolreg.effects import Effect
from toolreg.mcp.link import McpError, Streams, memory_streams, parse_message
from toolreg.mcp.spec import ServerSpec
from toolreg.sandbox.limits import MIB, Limits
from toolreg.sandbox.policy import Policy
from toolreg.sandbox.session import Session

LONGEST_LINE = 16 * MIB
# V8 reserves far more address space than it ever uses; what is used is bounded by `disk` and by the machine.
_ADDRESS_SPACE = 64 << 30
_LONGEST = 7 * 24 * 3600
_KEPT = 2_000
_HINT = "start it by hand to see what it says; it sees no network, file or variable but what --effect and --env grant"
_LAUNCH = """\
import os, stat

def launch():
    for name in range(3, 64):
        try:
            found = stat.S_ISSOCK(os.fstat(name).st_mode)
        except OSError:
            continue
        if found:
            break
    os.dup2(name, 0)
    os.dup2(name, 1)
    os.closerange(3, 1024)
    os.execve({program!r}, {argv!r}, dict(os.environ))
"""


class ConfinedServer:
    """Standard input and output of the command in a sandbox of its own, which ends with the conversation.

    A transport for `Link`; `why` says what ended the server before its time.
    """

    def __init__(self, spec: ServerSpec, environment: Mapping[str, str], workspace: str | None) -> None:
        self._spec, self._environment, self._workspace = spec, environment, workspace
        self._session: Session | None = None
        self._gone = False
        self._rest = b""

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Streams]:
        """The streams. Raises SandboxUnavailable, HarnessError, and McpError for a server that ends too early."""
        session = self._session = _start(self._spec, self._environment, self._workspace)
        session.channel.setblocking(False)
        to_session, read, write, from_session = memory_streams()
        tasks = [
            asyncio.ensure_future(self._incoming(session.channel, to_session)),
            asyncio.ensure_future(_outgoing(session.channel, from_session)),
        ]
        try:
            yield read, write
        except Exception as error:
            if not self._gone:
                raise
            why = self.why()
            raise session.fault or McpError(
                f"the server ended before it answered: {why}", hint=_HINT
            ) from error
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for stream in (to_session, read, write, from_session):
                stream.close()
            session.end()
            session.channel.close()

    def why(self) -> str:
        """How the server ended, and its last words; empty while it runs."""
        if self._session is None or not self._gone:
            return ""
        words = _last_words(self._rest) or _last_words(self._session.complaints.encode())
        return ": ".join(part for part in (self._session.end() or "without a word", words) if part)

    async def _incoming(self, channel: socket.socket, to_session: Any) -> None:
        loop = asyncio.get_running_loop()
        buffer = bytearray()
        try:
            while data := await loop.sock_recv(channel, 1 << 16):
                buffer += data
                while (end := buffer.find(b"\n")) >= 0:
                    line = bytes(buffer[:end]).strip()
                    del buffer[: end + 1]
                    if line:
                        await to_session.send(parse_message(line))
                if len(buffer) > LONGEST_LINE:
                    buffer = bytearray(b"it sent a line of more than %d bytes" % LONGEST_LINE)
                    break
        except OSError:  # it ended with something unread: the same to us as an end
            pass
        finally:
            self._rest, self._gone = bytes(buffer[-_KEPT:]), True
            to_session.close()


def _start(spec: ServerSpec, environment: Mapping[str, str], workspace: str | None) -> Session:
    argv = spec.argv
    code = _LAUNCH.format(program=argv[0], argv=argv).encode()
    names = {e.target for e in spec.grant() if e.kind == "env"}
    limits = Limits(
        wall=_LONGEST, cpu=_LONGEST, memory=_ADDRESS_SPACE, processes=256, open_files=1024, disk=256 * MIB
    )
    granted = tuple(e for e in spec.grant() if not e.parameters)
    if workspace is not None and not any(e.kind in ("read", "write") for e in spec.effects):
        granted = (*granted, Effect("read", "*"))
    lent = {name: environment[name] for name in names if name in environment}
    policy = Policy(granted, workspace=workspace or os.fspath(_nowhere()), env=lent, limits=limits)
    return Session(code, "launch", policy)


def _nowhere() -> str:
    return "/var/empty" if os.path.isdir("/var/empty") else "/proc/self/task"


async def _outgoing(channel: socket.socket, from_session: Any) -> None:
    loop = asyncio.get_running_loop()
    async for message in from_session:
        plain = message.message.model_dump(mode="json", by_alias=True, exclude_unset=True)
        await loop.sock_sendall(channel, json.dumps(plain).encode() + b"\n")


def _last_words(data: bytes) -> str:
    """The last line that says something; the message where our own launcher could not start the program."""
    try:
        told = json.loads(data)
        return f"{told['error']}: {told['message']}"
    except (ValueError, TypeError, KeyError, RecursionError):
        lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
        return next((line[:300] for line in reversed(lines) if line), "")
