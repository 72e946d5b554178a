"""What a tool does to the world: one vocabulary and one comparison for the whole project.

    declared  ⊇  inferred  ∪  observed

An effect is `kind:target`, with Deno's words for the kinds. In a docstring it is written
`kind: target (qualifier)`; `none` alone declares a pure tool.
"""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from toolreg.errors import ToolregError
from toolreg.targets import covers_target, host_of, is_glob, is_host, literal, split_host

__all__ = [
    "KINDS",
    "MOST_BOUND",
    "QUALIFIERS",
    "Effect",
    "EffectSyntaxError",
    "Hints",
    "Kind",
    "Qualifier",
    "hints",
    "host_of",
    "is_glob",
    "literal",
    "parse_effects",
    "split_host",
    "uncovered",
]

Kind = Literal["net", "listen", "read", "write", "env", "run", "native", "code"]
Qualifier = Literal["", "writes", "deletes"]
KINDS: tuple[Kind, ...] = get_args(Kind)
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)

MOST_BOUND = 1000
_PARAMETER = re.compile(r"\{([A-Za-z_]\w*)\}")
_LINE = re.compile(
    r"\s*(?P<kind>[A-Za-z_]+)\s*:\s*(?P<target>.*?)\s*(?:\((?P<qualifier>[^()]*)\))?\s*\Z", re.S
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\*?|\*")
_PORT = re.compile(r"\d{1,5}|\*|\{[A-Za-z_]\w*\}")


class EffectSyntaxError(ToolregError):
    """A line that is no effect; the message says what was expected."""

    exit_code = 1


@dataclass(frozen=True, slots=True, order=True)
class Effect:
    """One thing a tool does to the world, written `kind:target`.

    kind: one of KINDS. target: host[:port] | path or glob | NAME | program | module | `*`; a target may
    hold `{param}`, which is granted per call from the actual argument, each item of it where it is a list. qualifier: only for `net`,
    `writes` or `deletes` where something remote changes.
    """

    kind: Kind
    target: str
    qualifier: Qualifier = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}" + (f" ({self.qualifier})" if self.qualifier else "")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters in the target: `read:{folder}/{name}` has two."""
        return tuple(_PARAMETER.findall(self.target))

    @classmethod
    def parse(cls, text: str) -> Effect:
        """Read `kind: target (qualifier)`. Raises EffectSyntaxError."""
        match = _LINE.fullmatch(text)
        if match is None:
            raise EffectSyntaxError(
                f"'{text.strip()}' is no effect", hint="write `kind: target`, e.g. `net: api.example.com`"
            )
        kind, target = match["kind"].lower(), match["target"]
        if kind not in KINDS:
            raise EffectSyntaxError(
                f"unknown effect kind '{match['kind']}'", hint=f"known kinds: {', '.join(KINDS)}"
            )
        if not target:
            raise EffectSyntaxError(
                f"effect '{kind}' names no target", hint=f"write `{kind}: {_EXAMPLES[kind]}`"
            )
        effect = cls(kind, _normal(kind, target), _qualifier(kind, match["qualifier"]))
        problem = _problem(effect)
        if problem:
            raise EffectSyntaxError(f"'{effect}': {problem}", hint=f"write `{kind}: {_EXAMPLES[kind]}`")
        return effect

    def bind(self, arguments: Mapping[str, object]) -> tuple[Effect, ...]:
        """The effects granted to one call, sorted: `{param}` replaced by that call's argument.

        A list of hosts, URLs or paths grants each of its items. () where a parameter is missing or None,
        a URL names no host, or the lists make more than MOST_BOUND targets: then nothing is granted.
        """
        if not self.parameters:
            return (self,)
        names = dict.fromkeys(self.parameters)
        choices = [_choices(self.kind, arguments.get(name)) for name in names]
        if math.prod(map(len, choices)) > MOST_BOUND:
            return ()
        bound = (dict(zip(names, values, strict=True)) for values in itertools.product(*choices))
        targets = {_filled(self.target, values) for values in bound}
        return tuple(replace(self, target=target) for target in sorted(targets))

    def covers(self, other: Effect) -> bool:
        """True if whoever declared `self` has declared `other` too."""
        if self.kind != other.kind or not _qualifier_covers(self.qualifier, other.qualifier):
            return False
        if self.target in ("*", other.target):
            return True
        plain = other.parameters and self.kind not in ("net", "read", "write")
        return covers_target("" if plain else self.kind, self.target, other.target)


def parse_effects(lines: Iterable[str]) -> tuple[Effect, ...]:
    """Effects of a section's lines, sorted, each once. `none` alone gives (). Raises EffectSyntaxError."""
    given = [
        line.strip().removeprefix("- ").rstrip(".") if _is_none(line) else line.strip().removeprefix("- ")
        for line in lines
        if line.strip()
    ]
    if not given:
        raise EffectSyntaxError("no effect named", hint="write `Side effects: none` for a pure tool")
    nones = [line for line in given if _is_none(line)]
    if nones and len(given) > 1:
        raise EffectSyntaxError("'none' stands beside effects", hint="remove `none`, or the effects")
    return () if nones else tuple(sorted({Effect.parse(line) for line in given}))


def uncovered(effects: Iterable[Effect], *, by: Iterable[Effect]) -> tuple[Effect, ...]:
    """Those of `effects` that nothing in `by` covers, sorted, each once."""
    declared = tuple(by)
    return tuple(sorted({e for e in effects if not any(d.covers(e) for d in declared)}))


@dataclass(frozen=True, slots=True)
class Hints:
    """The MCP tool annotations, computed from effects and never typed by hand (MCP 2025-06-18)."""

    readOnlyHint: bool
    destructiveHint: bool
    idempotentHint: bool
    openWorldHint: bool


def hints(effects: Iterable[Effect], *, unresolved: bool = False) -> Hints:
    """MCP hints of a set of effects; pessimistic where something is unresolved."""
    every = tuple(effects)
    kinds = {e.kind for e in every}
    opaque = unresolved or bool(kinds & {"run", "code", "native"})
    changes = opaque or "write" in kinds or "listen" in kinds or any(e.qualifier for e in every)
    destroys = opaque or "write" in kinds or any(e.qualifier == "deletes" for e in every)
    return Hints(
        readOnlyHint=not changes,
        destructiveHint=destroys,
        idempotentHint=not changes,
        openWorldHint=opaque or bool(kinds & {"net", "listen"}),
    )


_EXAMPLES: Mapping[str, str] = {
    "net": "api.example.com",
    "listen": "8080",
    "read": "{path}",
    "write": "notes/*.md",
    "env": "API_KEY",
    "run": "git",
    "native": "ctypes",
    "code": "*",
}


def _is_none(line: str) -> bool:
    return line.strip().removeprefix("- ").rstrip(".").lower() == "none"


def _qualifier(kind: str, text: str | None) -> Qualifier:
    word = (text or "").strip().lower()
    if word not in QUALIFIERS:
        raise EffectSyntaxError(
            f"unknown qualifier '({word})'", hint="only `(writes)` and `(deletes)` exist, and only for net"
        )
    if word and kind != "net":
        raise EffectSyntaxError(
            f"'{kind}' takes no qualifier '({word})'", hint="only net takes `(writes)` or `(deletes)`"
        )
    return word


def _normal(kind: str, target: str) -> str:
    if kind == "net":
        return _PARAMETER.sub(r"{\1}", target) if "{" in target else target.lower()
    if kind in ("read", "write") and not target.startswith(("./", "{")):
        return target.rstrip("/") or "/"
    return target.removeprefix("./").rstrip("/") if kind in ("read", "write") else target


def _problem(effect: Effect) -> str:
    match effect.kind:
        case "net" if "://" in effect.target or "/" in effect.target:
            return "a host, not a URL"
        case "net" if not is_host(effect.target):
            return "not a host[:port]"
        case "env" if not _NAME.fullmatch(effect.target) and not effect.parameters:
            return "not a variable's name"
        case "listen" if not _PORT.fullmatch(effect.target):
            return "not a port"
        case "code" if effect.target != "*":
            return "code takes only the target *"
        case "read" | "write" if "\0" in effect.target or ".." in effect.target.split("/"):
            return "a path may not climb with .."
        case "run" if any(c.isspace() for c in effect.target):
            return "one program, without its arguments"
    return ""


def _qualifier_covers(mine: Qualifier, other: Qualifier) -> bool:
    return QUALIFIERS.index(mine) >= QUALIFIERS.index(other)


def _as_path(text: str) -> str:
    """A path as it is compared: without detours, its wildcards only letters."""
    plain = os.path.normpath(text)
    return re.sub(
        r"[*?\[]", lambda m: f"[{m[0]}]", "/" + plain.lstrip("/") if plain.startswith("/") else plain
    )


def _filled(target: str, values: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda m: values[m[1]], target)


def _choices(kind: Kind, value: object) -> set[str]:
    """What an argument names: one target, or one for each item of a list of hosts or paths."""
    listed = isinstance(value, (list, tuple)) and kind in ("net", "read", "write")
    items = value if isinstance(value, (list, tuple)) and listed else (value,)
    return {bound for item in items if (bound := _bound(kind, item)) is not None}


def _bound(kind: Kind, value: object) -> str | None:
    """An argument as a target. A wildcard in it grants nothing but itself: arguments come from a model."""
    if value is None or isinstance(value, (dict, list, tuple, set, bytes)):
        return None
    text = str(value)
    match kind:
        case "net":
            host = host_of(text)
            return None if host is None or "*" in host or "{" in host else host
        case "read" | "write":
            return _as_path(text) if text and "\0" not in text else None
        case "listen":
            return text if text.isdigit() else None
        case _:
            return text if text and not is_glob(text) else None
