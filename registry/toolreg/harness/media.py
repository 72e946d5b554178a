"""Images and sound of smolagents' types, to and from the sandbox: plain PNG and plain samples, never pickled.

What comes out is hostile: it is bounded, read by one decoder for one format, and made anew from its pixels.
"""

from __future__ import annotations

import array
import ast
import base64
import binascii
import builtins
import importlib
import importlib.util
import io
import math
import textwrap
import warnings
import wave
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

MARK = "toolreg.media"
ENTRY = "toolreg_call"
SERVE = "toolreg_serve"
KINDS = ("image", "audio")
MOST_PIXELS = 40_000_000
MOST_SAMPLES = 50_000_000
_RATES = range(1, 1_000_000)


class MediaError(ValueError):
    """A value that is no image or sound that may pass; the text says why."""


def wants_media(inputs: Mapping[str, Mapping[str, Any]], output_type: str) -> bool:
    """True for a tool whose inputs or result may be an image or sound."""
    kinds = {kind for schema in inputs.values() for kind in _kinds(schema)}
    return bool(kinds & set(KINDS)) or output_type in (*KINDS, "any")


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kinds = schema.get("type", "any")
    return [kinds] if isinstance(kinds, str) else list(kinds)


@lru_cache(maxsize=64)
def with_door(
    code: bytes, entry: str, output_type: str, *, media: bool = True, page: int = 0, stays: bool = False
) -> bytes:
    """The tool's bytes with a door after them; call ENTRY in place of `entry`.

    media: images and sound may pass. page: characters of a page, for a result in pages; 0 gives it whole.
    stays: for a tool that is not ended after a call; its loop is SERVE.
    """
    head = f"\n\n_TOOLREG_ENTRY, _TOOLREG_OUTPUT, _TOOLREG_PAGE = {entry!r}, {output_type!r}, {page}\n"
    parts = ["door_inside", *(["media_inside"] if media else []), *(["warm_inside"] if stays else [])]
    return (
        code
        + (head + _apart("\n\n".join(map(_text_of, parts)), [ENTRY, *([SERVE] if stays else [])])).encode()
    )


@cache
def _apart_names(text: str) -> list[str]:
    used = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
    return sorted(name for name in used if hasattr(builtins, name))


def _apart(text: str, given: list[str]) -> str:
    """The door in a function of its own, where `type` and `list` are Python's even if the tool has others."""
    names = _apart_names(text)
    told = f"    {', '.join(names)} = {', '.join(f'_toolreg_builtins.{name}' for name in names)}\n"
    head = "import builtins as _toolreg_builtins\n\n\ndef _toolreg_door():\n" + told
    end = f"\n    return [{', '.join(given)}]\n\n\n[{', '.join(given)}] = _toolreg_door()\n"
    return head + textwrap.indent(text, "    ") + end


@cache
def _text_of(module: str) -> str:
    return Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8")


def outgoing(value: Any) -> dict[str, Any] | None:
    """An image or sound as JSON for the sandbox; None for anything else. Raises MediaError.

    Taken: PIL images, AgentImage, AgentAudio, torch tensors, and (sample rate, samples) pairs.
    """
    rate = getattr(value, "samplerate", None)
    if type(value).__module__ == "smolagents.agent_types" and hasattr(value, "to_raw"):
        value = value.to_raw()
    module = type(value).__module__.split(".")[0]
    if module == "PIL" and hasattr(value, "save"):
        return {MARK: {"kind": "image", "data": _text(_png(value))}}
    if isinstance(value, tuple) and len(value) == 2 and type(value[0]) is int and _is_samples(value[1]):
        rate, value = value
        module = type(value).__module__.split(".")[0]
    elif module != "torch":
        return None
    return {MARK: _sound(value, rate, {"torch": "tensor", "numpy": "array"}.get(module, "list"))}


def image_file(path: str) -> dict[str, Any]:
    """The reader's own image file as JSON for the sandbox. Raises MediaError, OSError."""
    image = _pil().open(path)
    if math.prod(image.size) > MOST_PIXELS:
        raise MediaError(f"has more than {MOST_PIXELS // 1_000_000} million pixels")
    return {MARK: {"kind": "image", "data": _text(_png(image))}}


def sound_file(path: str) -> dict[str, Any]:
    """The reader's own WAV file as JSON for the sandbox. Raises MediaError, OSError."""
    try:
        with wave.open(path) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            raw = file.readframes(min(file.getnframes(), MOST_SAMPLES + 1))
    except (wave.Error, EOFError) as error:
        raise MediaError(f"is no readable WAV file: {error}") from error
    if width != 2:
        raise MediaError(f"is a WAV file of {8 * width} bits, not of 16")
    samples = [each / 32768 for each in array.array("h", raw)]
    frames = [samples[at : at + channels] for at in range(0, len(samples), channels)]
    return {MARK: _sound(frames if channels > 1 else samples, rate, "list")}


def sample_images() -> list[dict[str, Any]]:
    """Images to try a tool with: one pixel, a gradient, a transparent one, a grey one."""
    pil = _pil()
    gradient = pil.new("RGB", (64, 48))
    gradient.putdata([(x * 4, y * 5, x ^ y) for y in range(48) for x in range(64)])
    plain = [pil.new("RGB", (1, 1), "white"), gradient, pil.new("RGBA", (3, 2)), pil.new("L", (10, 10), 128)]
    return [{MARK: {"kind": "image", "data": _text(_png(image))}} for image in plain]


def sample_sounds() -> list[dict[str, Any]]:
    """Sounds to try a tool with: a tone, silence, one sample, none; tensors, where torch is there, as smolagents gives."""
    form = "tensor" if importlib.util.find_spec("torch") else "list"
    tone = [math.sin(n * 0.1727) / 2 for n in range(1600)]
    return [{MARK: _sound(samples, 16_000, form)} for samples in (tone, [0.0] * 160, [1.0], [])]


def is_incoming(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {MARK}


def incoming(value: Mapping[str, Any]) -> Any:
    """What the sandbox gave: a PIL image, or (sample rate, samples) with samples as an array of numpy, or a list.

    Raises MediaError for anything that is not exactly that.
    """
    told = value[MARK]
    try:
        data = base64.b64decode(told["data"], validate=True)
        return _image(data) if told["kind"] == "image" else _samples(data, told)
    except (KeyError, TypeError, binascii.Error) as error:
        raise MediaError(f"is no image and no sound: {error}") from error


def png(image: Any) -> bytes:
    """An image's bytes as PNG."""
    return _png(image)


def wav(rate: int, samples: Any) -> bytes:
    """Samples between -1 and 1 as a WAV file of 16 bits; a list of frames for more than one channel."""
    listed = samples.tolist() if hasattr(samples, "tolist") else samples
    channels = len(listed[0]) if listed and isinstance(listed[0], list) else 1
    flat = [each for frame in listed for each in frame] if channels > 1 else listed
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(
            array.array("h", (round(max(-1.0, min(1.0, each)) * 32767) for each in flat)).tobytes()
        )
    return out.getvalue()


def _image(data: bytes) -> Any:
    """A fresh image with the pixels of a PNG and nothing else of it."""
    pil = _pil()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = pil.open(io.BytesIO(data), formats=["PNG"])
            if math.prod(opened.size) > MOST_PIXELS:
                raise MediaError(f"is an image of more than {MOST_PIXELS // 1_000_000} million pixels")
            mode = opened.mode if opened.mode in ("1", "L", "LA", "RGB", "RGBA", "I;16") else "RGBA"
            pixels = opened.convert(mode)
            return pil.frombytes(mode, pixels.size, pixels.tobytes())
    except (OSError, SyntaxError, ValueError, EOFError, pil.DecompressionBombError) as error:
        raise (
            error if isinstance(error, MediaError) else MediaError(f"is no readable image: {error}")
        ) from error


def _samples(data: bytes, told: Mapping[str, Any]) -> Any:
    rate, shape = told["rate"], told["shape"]
    whole = isinstance(shape, list) and len(shape) in (1, 2) and all(type(n) is int and n >= 0 for n in shape)
    if told["kind"] != "audio" or not whole or math.prod(shape) * 4 != len(data):
        raise MediaError("is no sound: its samples and their number differ")
    if math.prod(shape) > MOST_SAMPLES or (
        rate is not None and (type(rate) is not int or rate not in _RATES)
    ):
        raise MediaError(f"is a sound with more than {MOST_SAMPLES} samples, or no sample rate")
    numbers = array.array("f", data)
    try:
        shaped = importlib.import_module("numpy").array(numbers, dtype="float32").reshape(shape)
    except ImportError:
        flat = numbers.tolist()
        shaped = (
            [flat[at : at + shape[1]] for at in range(0, len(flat), shape[1])] if len(shape) > 1 else flat
        )
    return (rate or 16_000, shaped)


def _sound(value: Any, rate: int | None, form: str) -> dict[str, Any]:
    listed = value.tolist() if hasattr(value, "tolist") else list(value)
    frames = bool(listed) and isinstance(listed[0], list | tuple)
    flat = [each for frame in listed for each in frame] if frames else listed
    if len(flat) > MOST_SAMPLES:
        raise MediaError(f"has more than {MOST_SAMPLES} samples")
    shape = [len(listed), len(listed[0])] if frames else [len(listed)]
    try:
        data = array.array("f", flat)
    except TypeError as error:
        raise MediaError(f"holds samples that are no numbers: {error}") from error
    if len(data) != math.prod(shape):
        raise MediaError("has frames of different length")
    return {"kind": "audio", "form": form, "shape": shape, "rate": rate, "data": _text(data.tobytes())}


def _is_samples(value: Any) -> bool:
    return hasattr(value, "tolist") or (
        isinstance(value, list) and all(isinstance(v, float | int | list) for v in value[:9])
    )


def _png(image: Any) -> bytes:
    if math.prod(image.size) > MOST_PIXELS:
        raise MediaError(f"has more than {MOST_PIXELS // 1_000_000} million pixels")
    kept = image if image.mode in ("1", "L", "LA", "RGB", "RGBA", "I;16") else image.convert("RGBA")
    out = io.BytesIO()
    kept.save(out, format="PNG", compress_level=1)
    return out.getvalue()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _pil() -> Any:
    try:
        return importlib.import_module("PIL.Image")
    except ImportError as error:
        raise MediaError("needs Pillow: pip install pillow") from error
