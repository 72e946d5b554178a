"""Command lines → the programs they start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolreg.infer.targets import NOT_KNOWN, Target, alternatives, params_of
from toolreg.infer.values import ANY, Const, Hole, Inst, Items, Part, Text, Value


def programs(value: Value) -> Iterator[Target]:
    """The program of an argument list, or of one text that names it."""
    for atom in value or (ANY,):
        if isinstance(atom, Items):
            first = atom.values[0] if atom.values else atom.rest
            yield from (_program(p) for p in alternatives(first))
        elif isinstance(atom, (Const, Text, Inst)):
            yield from (_program(p) for p in alternatives((atom,)))
        else:
            yield Target(None, f"the program {NOT_KNOWN}")


def _program(parts: tuple[Part, ...] | None) -> Target:
    if not parts:
        return Target(None, f"the program {NOT_KNOWN}")
    first = parts[0]
    if isinstance(first, str):
        words = first.split()
        if words and (len(parts) == 1 or len(words) > 1 or first[-1:].isspace()):
            return Target(words[0])
        if all(_is_piece(p) for p in parts):
            return Target(_spelled(parts))
        return Target(None, "the program is partly unknown", params_of(parts))
    if all(_is_piece(p) for p in parts):
        return Target(_spelled(parts))
    return Target(None, f"the program {first.reason}", first.params)


def _spelled(parts: tuple[Part, ...]) -> str:
    return "".join(p if isinstance(p, str) else "{" + p.params[0] + "}" for p in parts)


def _is_piece(part: Part) -> bool:
    """A piece of one path: text without blanks, or a parameter as it is."""
    return (
        part.exact and part.role != "item" if isinstance(part, Hole) else not any(c.isspace() for c in part)
    )


_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "ash"))


def scripts(value: Value) -> Iterator[Value]:
    """The texts of `["sh", "-c", text]`."""
    for atom in value:
        if isinstance(atom, Items) and len(atom.values) > 2:
            head = [a.value for v in atom.values[:2] for a in v if isinstance(a, Const)]
            if (
                len(head) == 2
                and str(head[0]).rpartition("/")[2] in _SHELLS
                and str(head[1]) in ("-c", "-lc", "-ic")
            ):
                yield atom.values[2]


_SHELL_SPLIT = re.compile(r"\|\||&&|[|;&\n]")
_ASSIGNS = re.compile(r"[A-Za-z_]\w*=\S*\s+")
_WORD = re.compile(r"[\w./+-]+")


def shell_programs(value: Value) -> Iterator[Target]:
    """The programs that a shell text starts, beside the shell itself."""
    for parts in alternatives(value):
        if parts is None:
            yield Target(None, f"what the shell runs {NOT_KNOWN}")
            continue
        literal = "".join(p if isinstance(p, str) else "\0" for p in parts)
        for piece in _SHELL_SPLIT.split(literal):
            word = _WORD.match(_ASSIGNS.sub("", piece.strip()))
            if word and not piece.strip().startswith("\0"):
                yield Target(word[0])
        risky = [p for p in parts if isinstance(p, Hole) and p.role not in ("quoted", "number")]
        if risky:
            yield Target(None, f"what the shell runs {risky[0].reason}", params_of(parts))
