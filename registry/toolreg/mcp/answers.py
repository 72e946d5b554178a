"""A tool's result in MCP's words: text, pictures, sound, other bytes, and structure where it is one."""

from __future__ import annotations

import base64
import json
from typing import Any

from mcp import types

from toolreg.harness import media

# What the first bytes say, whatever the tool calls it.
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "audio/wav"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)


def success(value: Any, kind: str = "any") -> Any:
    """The result of a call that went well, whatever it gave. kind: the tool's output type."""
    data = _media(value, kind)
    if data is not None:
        return _result([_bytes(data)])
    plain = _plain(value)
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    structured = {"structuredContent": plain} if isinstance(plain, dict) else {}
    return _result([_text(text)], **structured)


def failure(text: str) -> Any:
    """The result of a call that failed, in a line for the client."""
    return _result([_text(_whole(text))], isError=True)


def _media(value: Any, kind: str) -> bytes | None:
    """The bytes of what is no text: bytes themselves, a picture of PIL's as PNG, samples as WAV; None for all else."""
    match value:
        case bytes() | bytearray():
            return bytes(value)
        case (int() as rate, samples) if kind == "audio":
            return media.wav(rate, samples)
    return media.png(value) if type(value).__module__.startswith("PIL.") else None


def _result(content: list[dict[str, Any]], **more: Any) -> Any:
    return types.CallToolResult.model_validate({"content": content, **more})


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _bytes(data: bytes) -> dict[str, Any]:
    coded = base64.b64encode(data).decode()
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        about = {"uri": "toolreg:result", "mimeType": "application/octet-stream", "blob": coded}
        return {"type": "resource", "resource": about}
    return {"type": kind.partition("/")[0], "data": coded, "mimeType": kind}


def _plain(value: Any) -> Any:
    """The value as JSON has it: numbers that JSON lacks, and what is no JSON at all, become their text."""
    match value:
        case None | bool():
            return value
        case str():
            return _whole(value)
        case int():
            return value if value.bit_length() < 64 else hex(value)
        case float():
            return value if value == value and abs(value) != float("inf") else str(value)
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case dict():
            return {_whole(str(_plain(key))): _plain(each) for key, each in value.items()}
        case bytes() | bytearray():
            return base64.b64encode(value).decode()
    return _whole(str(value))


def _whole(text: str) -> str:
    """Without half characters, which no UTF-8 can carry."""
    return text.encode("utf-8", "replace").decode()
