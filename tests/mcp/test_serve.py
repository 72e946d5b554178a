"""Confined tools for any MCP client; the client is the SDK's own."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from smolagents import Tool

from toolreg.agent.tools import open_tools
from toolreg.errors import UsageError
from toolreg.load import Room
from toolreg.mcp.link import Link, McpToolError, http_transport
from toolreg.mcp.serve import Shelf, http_app, serve_http

PEEK = '''
from smolagents import tool


@tool
def peek(path: str, lines: int = 1) -> str:
    """Show the head of a file.

    Side effects:
        read: {path}

    Args:
        path: File to read.
        lines: How many lines.

    Returns:
        The lines.
    """
    with open(path) as file:
        return "".join(file.readlines()[:lines])


@tool
def measure(text: str) -> dict:
    """Measure a text.

    Side effects: none

    Args:
        text: The text.

    Returns:
        Its length.
    """
    return {"length": len(text)}
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tools.py").write_text(PEEK)
    (tmp_path / "notes.txt").write_text("first\nsecond\n")
    return tmp_path


async def _talk(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "toolreg", "mcp", "serve", "tools.py"], cwd=str(folder)
    )
    async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        answers = [
            await session.call_tool("peek", {"path": "notes.txt"}),
            await session.call_tool("measure", {"text": "abc"}),
            await session.call_tool("peek", {"path": "/etc/shadow"}),
            await session.call_tool("peek", {"path": "missing.txt"}),
            await session.call_tool("measure", {"text": 7}),
            await session.call_tool("nothing", {}),
        ]
    plain = {"mode": "json", "by_alias": True}
    return [t.model_dump(**plain) for t in tools], [a.model_dump(**plain) for a in answers]


def test_a_client_lists_and_calls_confined_tools(folder: Path) -> None:
    tools, answers = asyncio.run(_talk(folder))
    peek, measure = sorted(tools, key=lambda t: t["name"], reverse=True)
    assert peek["inputSchema"]["required"] == ["path"]
    assert peek["annotations"]["readOnlyHint"] is True
    assert measure["annotations"]["openWorldHint"] is False
    assert "Effects, enforced by a sandbox: read:{path}" in peek["description"]
    assert [bool(a["isError"]) for a in answers] == [False, False, True, True, True, True]
    assert answers[0]["content"][0]["text"] == "first\n"
    assert answers[1]["structuredContent"] == {"length": 3}
    assert "Argument text has type 'integer'" in answers[4]["content"][0]["text"]


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    tools = open_tools(["tools.py"], folder=folder, room=Room(workspace=str(folder)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(http_app(tools), port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(timeout=10)


def test_streamable_http_both_ways(address: str) -> None:
    with Link(http_transport(address)) as link:
        assert sorted(t.name for t in link.tools()) == ["measure", "peek"]
        assert link.call("peek", {"path": "notes.txt", "lines": 2}, 20) == "first\nsecond\n"
        assert link.call("measure", {"text": "abcd"}, 20) == {"length": 4}
        with pytest.raises(McpToolError, match="peek"):
            link.call("peek", {"path": "../../../etc/shadow"}, 20)


def test_several_clients_are_served_at_once(address: str) -> None:
    links = [Link(http_transport(address)) for _ in range(4)]
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        answers[number] = [links[number].call("measure", {"text": "x" * n}, 60) for n in range(3)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for link in links:
        link.close()
    assert answers == {n: [{"length": 0}, {"length": 1}, {"length": 2}] for n in range(4)}


class Waits(Tool):  # type: ignore[misc,unused-ignore]
    """A tool that answers when it is told to."""

    name, description, output_type, effects = "waits", "Waits.", "string", ()
    inputs = {"text": {"type": "string", "description": "Any."}}  # noqa: RUF012 - smolagents' own form

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = threading.Event(), threading.Event()

    def forward(self, text: str) -> str:
        self.asked.set()
        self.go_on.wait(60)
        return text


def test_a_call_that_its_client_gave_up_holds_up_nobody() -> None:
    async def talk(tool: Any) -> Any:
        shelf = Shelf([tool], lambda *_: "")
        first = asyncio.ensure_future(shelf.call("waits", {"text": "a"}))
        while not tool.asked.is_set():
            await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert not tool.go_on.is_set()
        tool.go_on.set()
        return await shelf.call("waits", {"text": "b"})

    assert asyncio.run(talk(Waits())).content[0].text == "b"


def test_a_port_that_is_taken_is_one_clear_error() -> None:
    said: list[str] = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="cannot listen on"):
            serve_http([], "127.0.0.1", taken.getsockname()[1], ready=said.append)
    assert said == []
