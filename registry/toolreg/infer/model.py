"""What the inference answers: evidence, what stayed unresolved, and the calls it saw."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from toolreg.effects import Effect, Kind


@dataclass(frozen=True, slots=True)
class Evidence:
    """One effect the code can have, where it stands and how it is reached.

    via: the calls from the tool down to the API, e.g. ("forward", "self._fetch", "requests.get");
    it starts with "import" for what happens when the file is imported.
    """

    effect: Effect
    path: str
    line: int
    via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An effect that may hide at this place, and why it could not be seen.

    kind: the kind it is known to have, None where it may be any. worst: the effect that a declaration
    must cover to settle it. derived: the tool's parameters from which alone the unknown target is made.
    """

    path: str
    line: int
    reason: str
    kind: Kind | None = None
    worst: Effect | None = None
    derived: tuple[str, ...] = ()

    def settled_by(self, declared: Iterable[Effect]) -> bool:
        """True if a declared effect covers the worst that may hide here."""
        return any(self._settles(effect) for effect in declared)

    def _settles(self, effect: Effect) -> bool:
        if self.worst is not None and effect.covers(self.worst):
            return True
        return effect.kind == self.kind and bool(self.derived) and set(self.derived) <= set(effect.parameters)


@dataclass(frozen=True, slots=True)
class Inference:
    """All the effects that a tool's code can have, as far as it can be read.

    A call whose target is unknown stands in both: as evidence with the target `*` (any host, any file),
    and as unresolved with the reason.
    """

    evidence: tuple[Evidence, ...]
    unresolved: tuple[Unresolved, ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The inferred effects, sorted, each once."""
        return tuple(sorted({e.effect for e in self.evidence}))

    def undeclared(self, declared: Iterable[Effect]) -> tuple[Evidence, ...]:
        """Evidence that no declared effect covers; unknown targets are left to `unsettled`."""
        known = tuple(declared)
        asked = {(u.path, u.line, u.kind) for u in self.unresolved}
        return tuple(
            e
            for e in self.evidence
            if not any(d.covers(e.effect) for d in known)
            and not (e.effect.target == "*" and (e.path, e.line, e.effect.kind) in asked)
        )

    def unsettled(self, declared: Iterable[Effect]) -> tuple[Unresolved, ...]:
        """What stays unresolved beside these declared effects; it blocks approval."""
        known = tuple(declared)
        return tuple(u for u in self.unresolved if not u.settled_by(known))


@dataclass(frozen=True, slots=True)
class ResolvedCall:
    """A call of a known API that the tool can reach.

    name: dotted, e.g. `requests.Session.get` for a method of an instance. keywords: names of the keywords
    passed, those of a partial or of a known `**options` too. open_ended: `**options` of unknown content.
    constructor: the call that made the receiver, where the API is a method.
    """

    name: str
    node: ast.Call
    path: str
    line: int
    function: str
    keywords: tuple[str, ...]
    open_ended: bool
    constructor: ast.Call | None
