"""One conversation with one MCP server, for code that is not asynchronous. Works with mcp 1 and mcp 2."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from toolreg.errors import ConfigError, ToolregError

try:
    import anyio
    from mcp import ClientSession, types
    from mcp.shared.message import SessionMessage
except ImportError as error:
    raise ConfigError("MCP needs the package 'mcp'", hint="pip install 'smolagents-toolreg[mcp]'") from error

MOST_TOOLS = 500
LONGEST_RESULT = 4 << 20
_START_SECONDS = 60.0
_PAGES = 50


class McpError(ToolregError):
    """A server that cannot be reached, broke, or answers nonsense."""


class McpToolError(ToolregError):
    """The server says that the call failed."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Offered:
    """One tool as a server describes it; JSON values, unchanged."""

    name: str
    description: str
    schema: dict[str, Any]
    output_schema: dict[str, Any] | None
    annotations: dict[str, Any]


Streams = tuple[Any, Any]
Transport = Callable[[], AbstractAsyncContextManager[Streams]]


class Link:
    """Keeps the conversation in a thread of its own. Use as a context manager, or call `close`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._loop = asyncio.new_event_loop()
        self._session: ClientSession | None = None
        self._ready: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="toolreg-mcp")
        self._thread.start()
        try:
            self._ready.result(_START_SECONDS)
        except concurrent.futures.TimeoutError:
            self.close()
            raise McpError("the server did not answer", hint="start it by hand to see what it says") from None

    def tools(self) -> list[Offered]:
        """Every tool the server offers. Raises McpError."""
        found: list[Offered] = self._do(self._list(), _START_SECONDS)
        return found

    def call(self, name: str, arguments: dict[str, Any], timeout: float) -> Any:
        """The result: structured content if there is any, else the text. Raises McpToolError, McpError."""
        session = self._alive()
        answer = self._do(session.call_tool(name, arguments), timeout)
        return _result(name, answer.model_dump(mode="json", by_alias=True))

    def close(self) -> None:
        """End the conversation; may be called twice."""
        if self._thread.is_alive():
            started = self._session is not None
            with contextlib.suppress(RuntimeError):  # it has ended in this very moment
                self._loop.call_soon_threadsafe(self._over.set if started else self._cancel)
            self._thread.join(timeout=10)

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _alive(self) -> ClientSession:
        if self._session is None or not self._thread.is_alive():
            raise McpError("the server has ended", hint="start the agent again")
        return self._session

    def _why(self) -> str:
        """How the server ended, where the transport can tell."""
        return str(getattr(self._transport, "why", str)())

    def _do(self, work: Coroutine[Any, Any, Any], timeout: float) -> Any:
        if not self._thread.is_alive():
            work.close()
            raise McpError("the server has ended", hint="start the agent again")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise McpError(f"the server did not answer within {timeout:g} s") from None
        except ToolregError:
            raise
        except (Exception, concurrent.futures.CancelledError) as error:
            reason = self._why()
            what = (
                f"the server has ended: {reason}"
                if reason
                else f"the server failed: {error or type(error).__name__}"
            )
            raise McpError(what, hint="start the agent again" if reason else "") from error

    async def _list(self) -> list[Offered]:
        session = self._alive()
        found: list[Offered] = []
        cursor: str | None = None
        for _ in range(_PAGES):
            params = types.PaginatedRequestParams(cursor=cursor) if cursor else None
            page = await session.list_tools(params=params)
            plain = page.model_dump(mode="json", by_alias=True)
            found += [_offered(tool) for tool in plain["tools"]]
            cursor = plain.get("nextCursor")
            if not cursor or len(found) > MOST_TOOLS:
                break
        if len(found) > MOST_TOOLS:
            raise McpError(f"the server offers more than {MOST_TOOLS} tools")
        twice = next((name for name, n in Counter(tool.name for tool in found).items() if n > 1), None)
        if twice is not None:
            raise McpError(f"the server offers two tools called '{twice:.100}'")
        return found

    def _run(self) -> None:
        try:
            self._task = self._loop.create_task(self._converse())
            self._loop.run_until_complete(self._task)
        except BaseException as error:  # noqa: BLE001 - the SDK's own, in groups; told to whoever waits
            self._fail(error)
        finally:
            self._session = None
            self._loop.close()

    async def _converse(self) -> None:
        async with self._transport() as streams, ClientSession(streams[0], streams[1]) as session:
            await session.initialize()
            self._session = session
            self._ready.set_result(None)
            await self._over.wait()

    def _fail(self, error: BaseException) -> None:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if not self._ready.done():
            known = error if isinstance(error, ToolregError) else None
            self._ready.set_exception(known or McpError(f"the server cannot be used: {error}"))


def http_transport(url: str) -> Transport:
    """Streamable HTTP, with any version of the SDK."""

    @asynccontextmanager
    async def open_streams() -> AsyncIterator[Streams]:
        from mcp.client import streamable_http

        older = getattr(streamable_http, "streamablehttp_client", None)
        opened = getattr(streamable_http, "streamable_http_client", older)
        assert opened is not None
        async with opened(url) as streams:  # two streams, and before mcp 2 a third thing
            yield streams[0], streams[1]

    return open_streams


def parse_message(line: bytes) -> Any:
    """One line of JSON-RPC as the SDK's message; the error itself where it is none."""
    adapter = getattr(types, "jsonrpc_message_adapter", None)
    kind: Any = types.JSONRPCMessage
    try:
        json.loads(line)
        message = (
            adapter.validate_json(line, by_name=False)
            if adapter is not None
            else kind.model_validate_json(line)
        )
    except (ValueError, RecursionError) as error:
        return error
    return SessionMessage(message)


def memory_streams() -> tuple[Any, Any, Any, Any]:
    """(for us to fill, for the session to read, for the session to fill, for us to read)."""
    to_session, from_us = anyio.create_memory_object_stream[Any](16)
    to_us, from_session = anyio.create_memory_object_stream[Any](16)
    return to_session, from_us, to_us, from_session


def _offered(tool: dict[str, Any]) -> Offered:
    schema = tool.get("inputSchema")
    return Offered(
        name=str(tool["name"]),
        description=str(tool.get("description") or ""),
        schema=schema if isinstance(schema, dict) else {},
        output_schema=tool.get("outputSchema"),
        annotations={k: v for k, v in (tool.get("annotations") or {}).items() if isinstance(v, bool)},
    )


def _result(name: str, answer: dict[str, Any]) -> Any:
    content = answer.get("content") or []
    text = "\n".join(_text(part) for part in content)
    if answer.get("isError"):
        raise McpToolError(f"{name}: {text[:20_000] or 'the call failed'}")
    structured = answer.get("structuredContent")
    size = len(text) if structured is None else len(json.dumps(structured))
    if size > LONGEST_RESULT:
        raise McpToolError(f"{name} gave {size} characters, {LONGEST_RESULT} is the limit")
    if structured is None:
        return text
    only_result = isinstance(structured, dict) and list(structured) == ["result"]
    return structured["result"] if only_result else structured


def _text(part: dict[str, Any]) -> str:
    match part.get("type"):
        case "text":
            return str(part.get("text", ""))
        case "resource":
            resource = part.get("resource") or {}
            return str(resource.get("text") or f"[{resource.get('uri', 'resource')}]")
        case kind:
            return f"[{kind} {part.get('mimeType') or part.get('uri') or ''}]".replace(" ]", "]")
