"""The language server, spoken to as an editor does: a process, and messages on its standard input and output."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from toolreg.lint.example import function_tool

BAD = function_tool(
    "name = '😀'; page = requests.get(text)\nreturn page.text[:9]",
    head="import requests",
    effects="net: {text}",
)


async def session(folder: Path, text: str, changed: str) -> dict[str, Any]:
    client, seen = LanguageClient("test", "1"), asyncio.Queue[lsp.PublishDiagnosticsParams]()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params: lsp.PublishDiagnosticsParams) -> None:
        seen.put_nowait(params)

    uri = (folder / "tool.py").as_uri()
    await client.start_io(sys.executable, "-m", "toolreg", "lsp", cwd=str(folder))
    try:
        await client.initialize_async(
            lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), root_uri=folder.as_uri())
        )
        client.initialized(lsp.InitializedParams())
        item = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        first = await asyncio.wait_for(seen.get(), 60)
        span = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
        asked = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(uri), span, lsp.CodeActionContext(diagnostics=[])
        )
        actions = await client.text_document_code_action_async(asked)
        change = lsp.TextDocumentContentChangeWholeDocument(text=changed)
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(2, uri), [change])
        )
        second = await asyncio.wait_for(seen.get(), 60)
        await client.shutdown_async(None)
        client.exit(None)
    finally:
        await client.stop()
    return {"first": first, "actions": actions, "second": second, "uri": uri}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_an_editor_gets_diagnostics_and_fixes_as_it_types(tmp_path: Path) -> None:
    found = asyncio.run(session(tmp_path, BAD, "from smolagents import tool\ndef f(:\n"))
    lines = BAD.split("\n")
    (diagnostic,) = [d for d in found["first"].diagnostics if d.code == "TRG501"]
    line = lines[diagnostic.range.start.line]
    # the emoji counts twice in UTF-16
    assert line[diagnostic.range.start.character - 1 :].startswith("requests.get(text)")
    (action,) = [a for a in found["actions"] if a.title.startswith("TRG501")]
    (edit,) = action.edit.changes[found["uri"]]
    assert edit.new_text == ", timeout=30"
    assert line[edit.range.start.character - 1] == ")"
    assert [d.message for d in found["second"].diagnostics] == ["does not parse: invalid syntax"]


async def two_documents(folder: Path, first: str, second: str, mended: str) -> dict[str, list[str]]:
    """The codes of each document's last diagnostics: both open, one mended, and it closed."""
    client, latest = LanguageClient("test", "1"), dict[str, list[str]]()
    news = asyncio.Queue[str]()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params: lsp.PublishDiagnosticsParams) -> None:
        latest[params.uri[-4:-3]] = [str(d.code) for d in params.diagnostics]
        news.put_nowait(params.uri)

    async def told(times: int) -> list[str]:
        for _ in range(times):
            await asyncio.wait_for(news.get(), 60)
        return [name for name, codes in sorted(latest.items()) if "TRG216" in codes]

    one, two = (folder / "a.py").as_uri(), (folder / "b.py").as_uri()
    await client.start_io(sys.executable, "-m", "toolreg", "lsp", cwd=str(folder))
    try:
        await client.initialize_async(
            lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), root_uri=folder.as_uri())
        )
        client.initialized(lsp.InitializedParams())
        for uri, text in ((one, first), (two, second)):
            item = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
            client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        both = await told(3)
        change = lsp.TextDocumentContentChangeWholeDocument(text=mended)
        document = lsp.VersionedTextDocumentIdentifier(2, two)
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))
        after = await told(2)
        await client.shutdown_async(None)
        client.exit(None)
    finally:
        await client.stop()
    return {"both": both, "after": after}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_two_open_tools_that_sound_alike_are_told_in_both(tmp_path: Path) -> None:
    first = function_tool("return text")
    second = first.replace("def first_line", "def top_line")
    mended = second.replace("Shorten a text to its first line.", "Count the vowels of a word.")
    found = asyncio.run(two_documents(tmp_path, first, second, mended))
    assert found == {"both": ["a", "b"], "after": []}


def test_an_editor_that_ends_the_server_sees_it_end_well() -> None:
    def message(**fields: object) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **fields}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    hello = {"capabilities": {}, "processId": None, "rootUri": None}
    talk = message(id=1, method="initialize", params=hello) + message(method="initialized", params={})
    talk += message(id=2, method="shutdown") + message(method="exit")
    ended = subprocess.run(
        [sys.executable, "-m", "toolreg", "lsp", "--isolated"], input=talk, capture_output=True, timeout=120
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
