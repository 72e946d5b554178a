"""What the tools of an audit are as a set: what an agent that has them all could be talked into, and who sounds alike.

Each tool may be honest alone. Private data, a stranger's content and a way out make an agent that a stranger can have
send the first through the third; two tools with the same description make one that chooses by chance.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from toolreg.agent.toolset import ToolFacts, weigh
from toolreg.audit.items import Row
from toolreg.effects import Effect, EffectSyntaxError

MOST = 20
LEGS = ("private", "untrusted", "way_out", "unknown")


@dataclass(slots=True)
class Together:
    """counts: tools that bring each leg; examples: up to 20 of their names. alike: tools that a model cannot tell from
    another of another name; pairs: up to 20 of them.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEGS, 0))
    examples: dict[str, list[str]] = field(default_factory=lambda: {leg: [] for leg in LEGS})
    trifecta: bool = False
    alike: int = 0
    pairs: list[Row] = field(default_factory=list)


class Weighing:
    """Looks at one tool after the other; keeps a few bytes of each."""

    def __init__(self) -> None:
        self.found = Together()
        self._first: dict[bytes, str] = {}

    def tool(self, row: Row) -> None:
        for leg in self._legs(row):
            self.found.counts[leg] += 1
            if len(self.found.examples[leg]) < MOST:
                self.found.examples[leg].append(row["tool"])
        self.found.trifecta = all(self.found.counts[leg] for leg in LEGS[:3])
        self._compare(row)

    def _legs(self, row: Row) -> list[str]:
        verdict = weigh([ToolFacts(row["tool"], _effects(row))])
        return [leg for leg in LEGS if getattr(verdict, leg)]

    def _compare(self, row: Row) -> None:
        words = row.get("described", "")
        if not words:
            return
        key = hashlib.blake2b(words.encode("utf-8", "backslashreplace"), digest_size=8).digest()
        other = self._first.setdefault(key, row["tool"])
        if other != row["tool"]:
            self.found.alike += 1
            if len(self.found.pairs) < MOST:
                self.found.pairs.append({"tool": row["tool"], "other": other, "path": row["path"]})


def _effects(row: Row) -> tuple[Effect, ...] | None:
    """What it declares and what its code can; None where something of that is not known."""
    if row["declared"] is None and (row["open"] or not row["inferred"]):
        return None
    texts = Counter([*(row["declared"] or ()), *(e["effect"] for e in row["inferred"])])
    try:
        return tuple(Effect.parse(text) for text in texts)
    except EffectSyntaxError:
        return None
