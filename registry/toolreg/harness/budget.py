"""How much a trial may cost, and how much of it was played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from toolreg.harness.scenes import Scene

AGAIN = "calls in a row"


@dataclass(frozen=True, slots=True)
class Budget:
    """What trying one tool may cost besides its examples and its proof.

    seconds: processor time of the tool on its stages; for rounds of the examples in a row as much again.
    survey: many tools are looked at. Then all that may share a process does, and nothing more begins when the
    time is over.
    """

    seconds: float = 1.0
    survey: bool = False

    @property
    def wall(self) -> float:
        """Seconds for all stages of a case, however little the tool does in them."""
        return 4.0 if self.survey else 12.0

    @property
    def fewest(self) -> int:
        """Stages that are played whatever they cost."""
        return 2 if self.survey else 6


FULL = Budget()


@dataclass(slots=True)
class Coverage:
    """How many of the things that could be played were, by kind."""

    counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, kind: str, played: int, of: int) -> None:
        before = self.counts.get(kind, (0, 0))
        self.counts[kind] = (before[0] + played, before[1] + of)

    def scenes(self, scenes: Sequence[Scene], played: int) -> None:
        """Count stages by their kind: the first `played` of them were played. Of calls in a row the longest counts."""
        for number, scene in enumerate(scenes):
            if scene.kind not in ("", AGAIN):
                self.add(scene.kind, number < played, 1)
        row = _longest_row(scenes)
        if row:
            self.add(AGAIN, _longest_row(scenes[:played]), row)

    def told(self) -> Mapping[str, tuple[int, int]]:
        """Kind → (played, of)."""
        return dict(self.counts)


def _longest_row(scenes: Sequence[Scene]) -> int:
    rows = (len(list(row)) for kind, row in groupby(scenes, key=lambda scene: scene.kind) if kind == AGAIN)
    return max(rows, default=0)


def in_turn(
    again: Sequence[Scene], made_up: Sequence[Scene], elsewhere: Sequence[Scene]
) -> tuple[Scene, ...]:
    """For a survey: some of every kind first, what costs least and finds most before the rest."""
    anew = Scene("loaded again", {}, kind="")
    head = [next((s for s in elsewhere if s.kind == kind), anew) for kind in ("days", "users")]
    rest = [s for s in elsewhere if not any(s is h for h in head)]
    return (*again[:1], *head, anew, *again[:10], *made_up, *rest, anew, *again)
