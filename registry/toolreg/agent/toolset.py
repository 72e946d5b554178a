"""Are these tools safe together? Each may be honest alone and still, as a set, let a stranger carry data out.

Private data, content that a stranger wrote, and a way out: an agent that has all three can be talked into
sending the first through the third by the second (Simon Willison's "lethal trifecta").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from toolreg.effects import Effect, hints

# A host that the author wrote down serves what its owner wrote; a host that a call names may serve anything.
_ANYWHERE = ("*", "{")


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """What is known of one tool: its name and signed effects; None where nothing vouches for them."""

    name: str
    effects: tuple[Effect, ...] | None


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """Which tools bring private data, untrusted content, and a way out."""

    private: tuple[str, ...]
    untrusted: tuple[str, ...]
    way_out: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def trifecta(self) -> bool:
        """True if the set has all three."""
        return bool(self.private and self.untrusted and self.way_out)

    def lines(self) -> list[str]:
        """What the set can do, one line each."""
        named = (
            ("private data", self.private),
            ("untrusted content", self.untrusted),
            ("a way out", self.way_out),
        )
        lines = [f"{what}: {', '.join(tools)}" for what, tools in named if tools]
        return lines + ([f"nothing is known of: {', '.join(self.unknown)}"] if self.unknown else [])


def weigh(tools: Iterable[ToolFacts]) -> SetVerdict:
    """Judge a set of tools by their effects alone; a tool without known effects counts as all three."""
    every = tuple(tools)
    return SetVerdict(
        private=_named(every, _reads_private),
        untrusted=_named(every, _brings_strangers),
        way_out=_named(every, _reaches_out),
        unknown=tuple(t.name for t in every if t.effects is None),
    )


def is_destructive(effects: Sequence[Effect] | None) -> bool:
    """True if a call may destroy something, or nothing says that it does not."""
    return effects is None or hints(effects).destructiveHint


def facts_of(tools: Mapping[str, object]) -> tuple[ToolFacts, ...]:
    """The facts that loaded tools carry in `effects`; smolagents' own final answer does nothing to the world."""
    return tuple(ToolFacts(name, effects_of(tool)) for name, tool in tools.items() if name != "final_answer")


def effects_of(tool: object) -> tuple[Effect, ...] | None:
    """The effects of a loaded tool; None for one that nobody vouches for."""
    effects = getattr(tool, "effects", None)
    if isinstance(effects, (tuple, list)) and all(isinstance(e, Effect) for e in effects):
        return tuple(effects)
    return None


def _named(tools: Sequence[ToolFacts], has: object) -> tuple[str, ...]:
    assert callable(has)
    return tuple(t.name for t in tools if t.effects is None or any(has(e) for e in t.effects))


def _reads_private(effect: Effect) -> bool:
    return effect.kind in ("read", "env", "run", "code", "native")


def _brings_strangers(effect: Effect) -> bool:
    if effect.kind == "net":
        return effect.target.startswith(_ANYWHERE)
    return effect.kind in ("listen", "run", "code", "native")


def _reaches_out(effect: Effect) -> bool:
    # A plain GET carries data out in its address: any host that a call may choose is a way out.
    if effect.kind == "net":
        return bool(effect.qualifier) or effect.target.startswith(_ANYWHERE)
    return effect.kind in ("run", "native", "code")
