"""One line of the catalogue: what calling an API does, and where the target of it stands.

net:{url@0}                      reaches the host of argument `url`, position 0
net:{self+url@0} (writes)        the same, against the base URL the client was made with
net:{url@1} (method@0)           the qualifier follows from argument `method`
net:api.example.com (writes)     a fixed host
dial:{host@0} port@1=25          connects to a bare host, or to a `(host, port)` pair
open:{file@0} mode@1=r           read or write, as the mode says
load:{src@0}                     a path is read, a URL is fetched
save:{dst@0?}                    written if given; a buffer is no file
read:{pattern@0} (glob)          wildcards in the text are meant
read: write: env: run: shell: listen: code: native:     as the words say
run:@1                           the program is named by the second word of the API's own name
env:KEY unless@api_key           only where that argument is not given
call:{func@0}                    calls its argument
-> pkg.Type[{path@0}]            returns an instance of that type, made for that target
-> self                          returns the receiver
= other.name                     the same as another API
none, unknown                    no effect; effects that nobody knows
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARG = r"\{?(?P<names>[\w|+]+)(?:@(?P<at>\d+))?(?P<optional>\?)?(?:=(?P<default>[^}\s]*))?\}?"
_ARGUMENT = re.compile(_ARG)
_EFFECT = re.compile(r"(?P<verb>[a-z]+):(?P<target>\{[^}]*\}|\S+)\Z")
VERBS = frozenset(
    [
        "net",
        "dial",
        "open",
        "load",
        "save",
        "read",
        "write",
        "env",
        "run",
        "shell",
        "listen",
        "code",
        "native",
        "call",
    ]
)


class SpecError(ValueError):
    """A catalogue line that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Argument:
    """Where a value stands in a call. names: keywords it goes by; at: its position, -1 for none."""

    names: tuple[str, ...]
    at: int = -1
    optional: bool = False
    default: str | None = None
    of_self: bool = False


@dataclass(frozen=True, slots=True)
class Does:
    """One effect of a call. target: fixed text, or the argument that holds it."""

    verb: str
    target: str | Argument
    qualifier: str = ""
    detail: Argument | None = None
    port: Argument | None = None
    unless: Argument | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a call of one API does. returns: a type, `self`, or "" for data."""

    does: tuple[Does, ...] = ()
    returns: str = ""
    made_for: Argument | str | None = None
    same_as: str = ""
    unknown: bool = False


NONE = Entry()
UNLISTED = Entry()  # a known package's API that has no line of its own


def parse_spec(line: str) -> Entry:
    """Read one catalogue line. Raises SpecError."""
    words = line.split()
    if words == ["none"]:
        return NONE
    if words == ["unknown"]:
        return Entry(unknown=True)
    if len(words) == 2 and words[0] == "=":
        return Entry(same_as=words[1])
    does: list[Does] = []
    returns, made_for = "", None
    while words:
        word = words.pop(0)
        if word == "->":
            returns, made_for = _returns(words)
        else:
            does.append(_effect(word, words, line))
    if not does and not returns:
        raise SpecError(f"'{line}' says nothing; write `none`")
    return Entry(tuple(does), returns, made_for)


def _returns(words: list[str]) -> tuple[str, Argument | str | None]:
    if not words:
        raise SpecError("a type must follow `->`")
    name, bracket, inner = words.pop(0).partition("[")
    if not bracket:
        return name, None
    inner = inner.removesuffix("]")
    return name, _argument(inner) if inner.startswith("{") else inner


def _effect(word: str, words: list[str], line: str) -> Does:
    match = _EFFECT.match(word)
    if match is None or match["verb"] not in VERBS:
        raise SpecError(f"'{word}' in '{line}' is no effect; known: {', '.join(sorted(VERBS))}")
    target = match["target"]
    aim: str | Argument = _argument(target) if target.startswith("{") else target
    qualifier, detail, port, unless = "", None, None, None
    while words and words[0].startswith(("(", "mode@", "port@", "port=", "unless@")):
        more = words.pop(0)
        if more.startswith("unless@"):
            unless = _argument(more.removeprefix("unless@"))
        elif more in ("(writes)", "(deletes)", "(glob)"):
            qualifier = more.strip("()")
        elif more.startswith("port"):
            port = _argument(more)
        else:
            detail = _argument(more.strip("()"))
    return Does(match["verb"], aim, qualifier, detail, port, unless)


def _argument(source: str) -> Argument:
    match = _ARGUMENT.fullmatch(source)
    if match is None:
        raise SpecError(f"'{source}' names no argument")
    of_self, _, names = match["names"].rpartition("+")
    if names == "self":
        return Argument((), optional=bool(match["optional"]), of_self=True)
    return Argument(
        tuple(names.split("|")),
        int(match["at"]) if match["at"] else -1,
        bool(match["optional"]),
        match["default"],
        of_self == "self",
    )
