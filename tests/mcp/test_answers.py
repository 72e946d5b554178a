"""Whatever a tool gives, an MCP client gets something that it can read."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import wave
from typing import Any

import pytest
from PIL import Image

from toolreg.mcp.answers import failure, success


def sent(result: Any) -> dict[str, Any]:
    """As it goes over the wire."""
    plain: dict[str, Any] = json.loads(result.model_dump_json(by_alias=True))
    return plain


@pytest.mark.parametrize(
    "value",
    [
        None, 1, "x", "", [1], {}, {1: 2}, {(1, 2): 3}, float("nan"), {"a": float("inf")}, dt.date(2020, 1, 1),
        "\ud800", {"\ud800": "\udfff"}, {1, 2}, 10**6000, {10**6000: 1}, object(), {"a": b"raw"}, [[[]]],
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_any_value_can_be_sent(value: Any) -> None:
    answer = sent(success(value))
    assert not answer.get("isError")
    assert answer["content"][0]["type"] == "text"
    json.dumps(answer, allow_nan=False)
    if isinstance(value, dict):
        assert isinstance(answer["structuredContent"], dict)


@pytest.mark.parametrize(
    ("data", "kind", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image", "image/png"),
        (b"\xff\xd8\xff\xe0", "image", "image/jpeg"),
        (b"RIFF....WEBPVP8 ", "image", "image/webp"),
        (b"RIFF....WAVEfmt ", "audio", "audio/wav"),
        (b"ID3\x03", "audio", "audio/mpeg"),
    ],
)
def test_pictures_and_sound_arrive_as_such(data: bytes, kind: str, mime: str) -> None:
    (part,) = sent(success(data))["content"]
    assert (part["type"], part["mimeType"], base64.b64decode(part["data"])) == (kind, mime, data)


def test_other_bytes_arrive_whole() -> None:
    (part,) = sent(success(b"\x00\x01"))["content"]
    assert base64.b64decode(part["resource"]["blob"]) == b"\x00\x01"


def test_a_failure_is_marked_as_one() -> None:
    answer = sent(failure("it broke \ud800"))
    assert (answer["isError"], answer["content"][0]["text"]) == (True, "it broke ?")


def test_a_picture_of_a_tool_is_served_as_one() -> None:
    (part,) = sent(success(Image.new("RGB", (2, 2), "red")))["content"]
    assert (part["type"], part["mimeType"]) == ("image", "image/png")
    assert Image.open(io.BytesIO(base64.b64decode(part["data"]))).getpixel((0, 0)) == (255, 0, 0)


def test_the_sound_of_a_tool_is_served_as_one() -> None:
    (part,) = sent(success((8000, [0.0, 0.5, -0.5]), "audio"))["content"]
    assert (part["type"], part["mimeType"]) == ("audio", "audio/wav")
    with wave.open(io.BytesIO(base64.b64decode(part["data"]))) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 3)
