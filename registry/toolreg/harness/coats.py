"""Values that leave in a coat which nobody has seen before, told by size: the longer the value, the more goes out.

What is only looked at, hashed or cut short does not grow with it; what is encrypted or spelt in another alphabet does.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolreg.harness.canaries import Kind
from toolreg.harness.leaks import Channel

LONGER = "longer made-up values"
TIMES = 8  # how much longer the longer value is
_LEAST = 40  # bytes; the longer value holds 114 more that cannot be packed


@dataclass(frozen=True, slots=True)
class Heard:
    """What went out in the same case with two short values, and with a long one of these kinds."""

    short: Sequence[Channel]
    again: Sequence[Channel]
    long: Sequence[Channel]
    kinds: frozenset[Kind]


def grown(heard: Heard) -> Iterator[str]:
    """The names of channels that may not carry the values, and that carry more where these are longer."""
    before = [{c.name: _size(c) for c in each} for each in (heard.short, heard.again)]
    for channel in heard.long:
        if channel.carries & heard.kinds or not heard.kinds:
            continue
        usual = [sizes.get(channel.name, 0) for sizes in before]
        if _size(channel) - max(usual) > _LEAST + 4 * abs(usual[0] - usual[1]):
            yield channel.name


def _size(channel: Channel) -> int:
    return len(zlib.compress(b"\0".join(channel.pieces), 9))
