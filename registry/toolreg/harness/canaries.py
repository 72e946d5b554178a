"""Made-up secrets, and how to know one again when it comes out in another coat: encoded, packed, in pieces."""

from __future__ import annotations

import base64
import binascii
import bz2
import html
import lzma
import re
import secrets
import string
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Literal
from urllib.parse import unquote_to_bytes

Kind = Literal["env", "secret file", "file", "argument"]

# Case is lost in host names, so the alphabet has one case only; nothing in a value says what it is for.
_ALPHABET = string.ascii_lowercase + "234567"
_LENGTH = 26
_DEPTH = 3
# How many bytes are looked at for one canary in one channel, decoded ones included.
_MOST_BYTES = 2_000_000
_MOST_UNPACKED = 1_000_000
_LONGEST_RUN = 100_000
_SHORTEST = 16
_FEW = 2


@dataclass(frozen=True, slots=True)
class Canary:
    """A value that only a channel declared to carry it may show. what: as a report names it."""

    kind: Kind
    what: str
    value: str


def new_value(times: int = 1) -> str:
    """26 letters and digits that stand nowhere else; `times` as many where asked."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH * times))


def found(value: str, pieces: Sequence[bytes]) -> str:
    """How a value stands in these pieces of data: "plain", "base64", "gzip in hex", "in pieces"; "" if it does not.

    pieces: what went through one channel, in order; every piece is searched alone, then all of them as one.
    """
    for shape, name in _everywhere(value):
        if any(shape in piece for piece in pieces):
            return name
    shapes, left = _shapes(value), [_MOST_BYTES]
    for piece in dict.fromkeys(pieces):
        coat = _coat(shapes, piece, _DEPTH, left)
        if coat:
            return coat
    for several in (list(pieces), *(_lines(piece) for piece in pieces)):
        coat = _in_pieces(shapes, several) if len(several) > 1 else ""
        if coat:
            return coat
    return ""


def stands_in(value: str, pieces: Sequence[bytes]) -> bool:
    """True where a value stands in one of the commonest coats; quickly told."""
    return any(shape in piece for shape, _ in _everywhere(value) for piece in pieces)


def _in_pieces(shapes: dict[bytes, str], pieces: Sequence[bytes]) -> str:
    left = [_MOST_BYTES]
    for whole in _assembled(pieces):
        coat = _coat(shapes, whole, 1, left)
        if coat:
            return "in pieces" if coat == "plain" else f"{coat} in pieces"
    return ""


def _lines(piece: bytes) -> list[bytes]:
    text = piece[:_LONGEST_RUN]
    return (_escapes(text) if b"\\n" in text else text).splitlines()


def _everywhere(value: str) -> Iterator[tuple[bytes, str]]:
    """The commonest coats as plain bytes, which are looked for in data of any length."""
    data = value.encode()
    yield data, "plain"
    yield data[::-1], "reversed"
    yield from ((half, "in part") for half in _halves(data))
    yield data.hex().encode(), "hex"
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + data)
        yield coded[4 * (offset > 0) : len(coded) // 4 * 4 - 4], "base64"


def _shapes(value: str) -> dict[bytes, str]:
    """What to look for: bytes → the name of the shape. All in lower case, as `_coat` looks."""
    number = value.encode()
    shapes = {number: "plain", value[::-1].encode(): "reversed"}
    shapes |= dict.fromkeys(_halves(number), "in part")
    for shift in range(1, 26):
        shapes[_shifted(value, shift).encode()] = f"rot{shift}"
        shapes[_shifted(value, shift)[::-1].encode()] = f"rot{shift}, reversed"
    shapes[str(int.from_bytes(number, "big")).encode()] = "a number"
    shapes[str(int.from_bytes(number, "little")).encode()] = "a number"
    return shapes


def _halves(data: bytes) -> tuple[bytes, bytes]:
    """The first and the second half: what was cut short holds one of them."""
    return data[: len(data) // 2], data[len(data) // 2 :]


def _shifted(value: str, shift: int) -> str:
    letters = string.ascii_lowercase
    return value.translate(str.maketrans(letters, letters[shift:] + letters[:shift]))


def _coat(shapes: dict[bytes, str], data: bytes, depth: int, left: list[int]) -> str:
    """The name of the coat in which a shape stands in the data; spends from `left`."""
    data = data[: max(0, left[0])]
    left[0] -= len(data)
    lower = data.lower()
    for shape, name in list(shapes.items())[: None if len(data) < _LONGEST_RUN else _FEW]:
        if shape in lower:
            return name
    if len(data) < _LONGEST_RUN:
        dense = re.sub(rb"[^a-z0-9]", b"", lower)
        if any(shape in dense for shape in list(shapes)[:2]):
            return "in pieces"
        if _xored(next(iter(shapes)), data):
            return "xor"
    for name, inner in _views(data) if depth else ():
        if left[0] <= 0:
            return ""
        coat = _coat(shapes, inner, depth - 1, left)
        if coat:
            return name if coat == "plain" else f"{coat} in {name}"
    return ""


def _xored(value: bytes, data: bytes) -> bool:
    """True where the value stands xored with one byte: the differences of neighbours stay as they were."""
    return len(data) >= len(value) and _neighbours(value)[1:] in _neighbours(data)


def _neighbours(data: bytes) -> bytes:
    number = int.from_bytes(data, "big")
    return (number ^ (number >> 8)).to_bytes(len(data), "big")


def _views(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The data unpacked and decoded in every way that makes sense of it."""
    for name, magic, unpack in _PACKED:
        for match in islice(magic.finditer(data), 8):
            inner = unpack(data[match.start() :])
            if inner:
                yield name, inner
    for name, mark, undo in (("url-encoding", b"%", unquote_to_bytes), ("escapes", b"\\", _escapes)):
        plain = undo(data[:_LONGEST_RUN]) if mark in data else b""
        if plain and plain != data[:_LONGEST_RUN]:
            yield name, plain
    for name, runs, decode in _ENCODED:
        for match in islice(runs.finditer(data), 64):
            yield from ((name, inner) for inner in _decoded(match[0][:_LONGEST_RUN], name, decode))


def _decoded(run: bytes, name: str, decode: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """A run decoded from each place where it may begin: its first characters may be no part of the code."""
    for offset in range(_ALIGNED.get(name, 1)):
        try:
            inner = decode(run[offset:])
        except (ValueError, binascii.Error):
            continue
        if inner and inner != run:
            yield inner


def _unpacked(make: Callable[[], object]) -> Callable[[bytes], bytes]:
    def unpack(data: bytes) -> bytes:
        try:
            return bytes(make().decompress(data, _MOST_UNPACKED))  # type: ignore[attr-defined]
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
            return b""

    return unpack


def _base64(run: bytes) -> bytes:
    plain = run.replace(b"-", b"+").replace(b"_", b"/")
    return base64.b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + b"==")


def _base32(run: bytes) -> bytes:
    plain = run.upper()[: len(run) // 8 * 8]
    return base64.b32decode(plain) + _rest32(run.upper()[len(plain) :])


def _rest32(rest: bytes) -> bytes:
    whole = {1: 0, 3: 2, 6: 5}.get(len(rest), len(rest))
    return base64.b32decode(rest[:whole] + b"=" * (-whole % 8)) if whole else b""


def _digits(run: bytes) -> bytes:
    numbers = [int(each) for each in re.findall(rb"\d+", run)]
    return bytes(n for n in numbers if n < 256)


def _bits(run: bytes) -> bytes:
    plain = re.sub(rb"[^01]", b"", run)
    return int(plain, 2).to_bytes((len(plain) + 7) // 8, "big")


def _escapes(text: bytes) -> bytes:
    """A text with `\\x41` and the like as the bytes that they stand for, as Python and JSON print them."""
    return _ESCAPE.sub(lambda m: _SINGLE.get(m[1]) or bytes([int(m[1][1:], 16) & 255]), text)


_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|u00[0-9a-fA-F]{2}|[ntr0\\'\"])")
_SINGLE = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"0": b"\0", b"\\": b"\\", b"'": b"'", b'"': b'"'}
_PACKED: tuple[tuple[str, re.Pattern[bytes], Callable[[bytes], bytes]], ...] = (
    ("gzip", re.compile(rb"\x1f\x8b\x08"), _unpacked(lambda: zlib.decompressobj(31))),
    ("zlib", re.compile(rb"\x78[\x01\x5e\x9c\xda]"), _unpacked(zlib.decompressobj)),
    ("bzip2", re.compile(rb"BZh[1-9]"), _unpacked(bz2.BZ2Decompressor)),
    ("xz", re.compile(rb"\xfd7zXZ"), _unpacked(lzma.LZMADecompressor)),
)
_ENCODED: tuple[tuple[str, re.Pattern[bytes], Callable[[bytes], bytes]], ...] = (
    ("hex", re.compile(rb"(?:[0-9a-fA-F]{2}[ :,_-]?){%d,}" % _SHORTEST),
     lambda run: bytes.fromhex(re.sub(rb"[^0-9a-fA-F]", b"", run).decode())),
    ("base64", re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % _SHORTEST), _base64),
    ("base32", re.compile(rb"[A-Za-z2-7]{%d,}" % _SHORTEST), _base32),
    ("base85", re.compile(rb"[!-~]{%d,}" % _SHORTEST), base64.b85decode),
    ("ascii85", re.compile(rb"[!-uz]{%d,}" % _SHORTEST), base64.a85decode),
    ("html entities", re.compile(rb"(?:&#x?[0-9a-fA-F]+;)+"), lambda run: html.unescape(run.decode()).encode()),
    ("character codes", re.compile(rb"\d{1,3}(?:[^0-9a-zA-Z]{1,3}\d{1,3}){%d,}" % (_SHORTEST - 1)), _digits),
    ("binary digits", re.compile(rb"[01][01 ]{%d,}" % (_SHORTEST * 8 - 1)), _bits),
    ("utf-16", re.compile(rb"(?:[!-~]\x00){%d,}" % _SHORTEST), lambda run: run.replace(b"\0", b"")),
    ("quoted-printable", re.compile(rb"(?:=[0-9A-F]{2}){%d,}" % _SHORTEST), binascii.a2b_qp),
)  # fmt: skip
_ALIGNED = {"hex": 2, "base64": 4, "base32": 8, "base85": 5}


def _assembled(pieces: Sequence[bytes]) -> Iterator[bytes]:
    """All pieces as one text, in the ways in which somebody may have cut it up."""
    kept = [piece[:4096] for piece in pieces[:4096]]
    yield b"".join(kept)
    words = [re.split(rb"[^A-Za-z0-9+=]+", piece) for piece in kept]
    for column in list(zip_longest(*words, fillvalue=b""))[:32]:
        yield b"".join(column)
        yield b"".join(reversed(column))
        yield b"".join(dict.fromkeys(column))
    start, end = _common(kept), _common([piece[::-1] for piece in kept])
    if start or end:
        yield b"".join(piece[start : len(piece) - end] for piece in kept)


def _common(pieces: Sequence[bytes]) -> int:
    """How many first bytes all pieces share."""
    shortest, longest = min(pieces), max(pieces)
    for number, (one, other) in enumerate(zip(shortest, longest, strict=False)):
        if one != other:
            return number
    return min(len(shortest), len(longest))
