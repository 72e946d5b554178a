"""Where the lines of a text begin."""

from __future__ import annotations

from itertools import accumulate


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins, lines ending as Python's own reader sees them."""
    if "\r" not in text:
        return list(accumulate([len(line) + 1 for line in text.split("\n")[:-1]], initial=0))
    starts, at = [0], 0
    while (at := _next_line(text, at)) >= 0:
        starts.append(at)
    return starts


def _next_line(text: str, at: int) -> int:
    feed, turn = text.find("\n", at), text.find("\r", at)
    if turn >= 0 and (feed < 0 or turn < feed):
        return turn + 2 if text[turn + 1 : turn + 2] == "\n" else turn + 1
    return feed + 1 if feed >= 0 else -1
