"""Where findings of one walk are gathered, each once."""

from __future__ import annotations

import ast

from toolreg.effects import Effect, Kind, Qualifier
from toolreg.infer.model import Evidence, Inference, ResolvedCall, Unresolved


class Sink:
    """Evidence, unresolved places and resolved calls, in the order they were met."""

    __slots__ = ("calls", "evidence", "unresolved")

    def __init__(self) -> None:
        self.evidence: dict[tuple[Effect, str, int], Evidence] = {}
        self.unresolved: dict[tuple[str, str, int], Unresolved] = {}
        self.calls: dict[tuple[ast.Call, str], ResolvedCall] = {}

    def effect(
        self, kind: Kind, target: str, qualifier: Qualifier, path: str, line: int, via: tuple[str, ...]
    ) -> None:
        effect = Effect(kind, target, qualifier)
        key = (effect, path, line)
        if key not in self.evidence:
            self.evidence[key] = Evidence(effect, path, line, via)

    def open_question(self, question: Unresolved, *, once: bool = False) -> None:
        """Keep a question; with `once` only the first place in a file where it comes up."""
        if once and any(
            q.reason == question.reason and q.path == question.path for q in self.unresolved.values()
        ):
            return
        self.unresolved.setdefault((question.reason, question.path, question.line), question)

    def absorb(self, other: Sink, prefix: tuple[str, ...] = ()) -> None:
        """Take over what another walk found, below `prefix`."""
        for key, one in other.evidence.items():
            self.evidence.setdefault(
                key, Evidence(one.effect, one.path, one.line, prefix + one.via) if prefix else one
            )
        for question in other.unresolved.values():
            self.open_question(question)
        for call_key, call in other.calls.items():
            self.calls.setdefault(call_key, call)

    def result(self) -> Inference:
        def place(one: Evidence | Unresolved) -> tuple[str, int]:
            return one.path, one.line

        return Inference(
            tuple(sorted(self.evidence.values(), key=place)),
            tuple(sorted(self.unresolved.values(), key=place)),
        )
