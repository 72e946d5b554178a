"""Texts → targets of effects: the host of a URL, the path of a file, the program of a command."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolreg.effects import host_of
from toolreg.infer.values import ANY, Const, Hole, Inst, Items, Member, Part, Text, Value

MAX_ALTERNATIVES = 12
_SCHEME = re.compile(r"([A-Za-z][\w+.-]*)://")
_PLAIN_URL = re.compile(r"(https?|wss?)://([A-Za-z0-9_][A-Za-z0-9_.-]*)(?:[/?#]|\Z)")
NOT_KNOWN = "is not known before the tool runs"


@dataclass(frozen=True, slots=True)
class Target:
    """A target, or None with the reason why it is unknown and the parameters it is made of."""

    text: str | None
    reason: str = ""
    derived: tuple[str, ...] = ()
    remote: bool = False


def alternatives(value: Value) -> list[tuple[Part, ...] | None]:
    """Each text that a value may be, as pieces; None stands for something unknown."""
    found: list[tuple[Part, ...] | None] = []
    for atom in value or (ANY,):
        parts = _parts(atom)
        if isinstance(parts, list):
            found += parts
        else:
            found.append(parts)
    return found[:MAX_ALTERNATIVES] + ([None] if len(found) > MAX_ALTERNATIVES else [])


def _parts(atom: object) -> tuple[Part, ...] | list[tuple[Part, ...] | None] | None:
    if isinstance(atom, Const):
        if atom.value is None or isinstance(atom.value, bool):
            return []
        return (atom.value.decode("utf-8", "replace") if isinstance(atom.value, bytes) else str(atom.value),)
    if isinstance(atom, Text):
        return atom.parts
    if isinstance(atom, Inst):
        return alternatives(atom.target) if atom.type in _TEXTUAL else None
    if isinstance(atom, Member):
        return alternatives(atom.inst.target) if atom.inst.type in _TEXTUAL else None
    return None


_TEXTUAL = frozenset(
    {
        "pathlib.Path",
        "os.DirEntry",
        "yarl.URL",
        "httpx.URL",
        "urllib.request.Request",
        "urllib3.util.Url",
        "pika.ConnectionParameters",
        "redis.ConnectionPool",
    }
)


def hosts(value: Value, base: Value = ()) -> Iterator[Target]:
    """The hosts of URLs, each once."""
    for parts in alternatives(value):
        if parts == ("",) and not base:
            continue  # no URL: the call fails
        if parts is not None and base and not _absolute(parts):
            yield from hosts(base)
        else:
            yield _host(parts)


def _absolute(parts: tuple[Part, ...]) -> bool:
    first = parts[0] if parts else ""
    if isinstance(first, Hole):
        return False
    return bool(_SCHEME.match(first))


def _host(parts: tuple[Part, ...] | None) -> Target:
    if parts is None:
        return Target(None, f"the host {NOT_KNOWN}")
    first = parts[0] if parts else ""
    if isinstance(first, str):
        plain = _PLAIN_URL.match(first)
        if plain:
            return Target(plain[2].lower(), remote=True)
        scheme = _SCHEME.match(first)
        if scheme:
            return _authority(scheme[1], (first[scheme.end() :], *parts[1:]))
        return Target(None, "the URL is not absolute", params_of(parts))
    if first.exact and _starts_anew(parts[1:]):
        return Target("{" + first.params[0] + "}", remote=True)
    return Target(None, f"the host {first.reason}", first.params)


def _starts_anew(rest: tuple[Part, ...]) -> bool:
    """What follows a base URL does not change its host."""
    return not rest or isinstance(rest[0], Hole) or rest[0][:1] in "/?#:."


def _authority(scheme: str, parts: tuple[Part, ...]) -> Target:
    """The host of `user@host:port/…` where pieces may be unknown."""
    taken: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            end = re.search(r"[/?#]", part)
            taken.append(part[: end.start()] if end else part)
            if end:
                break
        else:
            taken.append(part)
    taken = [p for p in taken if p != ""]
    if all(isinstance(p, str) for p in taken):
        host = host_of(f"{scheme}://" + "".join(map(str, taken)))
        return Target(host, remote=True) if host else Target(None, "the URL names no host")
    return _partly_known(_after_user(taken))


def _after_user(taken: list[Part]) -> list[Part]:
    for at in range(len(taken) - 1, -1, -1):
        part = taken[at]
        if isinstance(part, str) and "@" in part:
            return [p for p in (part.rsplit("@", 1)[1], *taken[at + 1 :]) if p != ""]
    return taken


def _partly_known(taken: list[Part]) -> Target:
    hole = next((p for p in taken if isinstance(p, Hole)), None)
    if hole is None:
        return Target("".join(map(str, taken)).lower(), remote=True)
    first, rest = taken[0], taken[1:]
    if isinstance(first, Hole) and first.exact and (not rest or _is_port(rest)):
        return Target("{" + first.params[0] + "}" + _port(rest), remote=True)
    if isinstance(first, str) and _is_port([first[first.find(":") :], *rest]) and ":" in first:
        return Target(first[: first.find(":")].lower() + ":*", remote=True)
    last = taken[-1]
    if isinstance(last, str) and re.fullmatch(r"(\.[A-Za-z0-9-]+){2,}(:\d+)?", last):
        return Target("*" + last.lower(), remote=True)
    return Target(None, f"the host {hole.reason}", params_of(tuple(taken)))


def _is_port(rest: list[Part]) -> bool:
    return isinstance(rest[0], str) and rest[0].startswith(":") and (rest[0][1:].isdigit() or rest[0] == ":")


def _port(rest: list[Part]) -> str:
    if not rest:
        return ""
    text = str(rest[0])
    return text if len(text) > 1 else ":*"


def params_of(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """The parameters that fill the holes, if they fill all of them."""
    holes = [p for p in parts if isinstance(p, Hole)]
    if not all(h.params for h in holes):
        return ()
    return tuple(dict.fromkeys(p for h in holes for p in h.params))


def addresses(value: Value, default_port: str = "") -> Iterator[Target]:
    """The hosts of bare host names or of `(host, port)` pairs."""
    for atom in value or (ANY,):
        if isinstance(atom, Items) and atom.values:
            port = _number(atom.values[1]) if len(atom.values) > 1 else ""
            for one in _bare(atom.values[0]):
                yield _with_port(one, port)
        else:
            for one in _bare((atom,)):
                yield _with_port(one, default_port)


def _bare(value: Value) -> Iterator[Target]:
    for parts in alternatives(value):
        if parts is None:
            yield Target(None, f"the host {NOT_KNOWN}")
        elif _absolute(parts):
            yield _host(parts)
        else:
            yield _authority("tcp", parts)


def _with_port(one: Target, port: str) -> Target:
    if one.text is None or not port or (port in ("80", "443") and "{" not in one.text) or _has_port(one.text):
        return one
    return Target(f"{one.text}:{port}", remote=True)


def _has_port(text: str) -> bool:
    return ":" in text and not text.endswith("]")


def _number(value: Value) -> str:
    if len(value) == 1 and isinstance(value[0], Const) and isinstance(value[0].value, int):
        return str(value[0].value)
    return "*"


def paths(value: Value, *, glob: bool = False, folders: bool = False) -> Iterator[Target]:
    """The files of path texts; a URL is remote. Unknown pieces become `*`.

    glob: wildcards in them are meant; folders: the folders of a parameter's path count as that path.
    """
    for found in alternatives(value):
        # A number is no path, but a file that was opened already.
        parts = found if found is not None and all(isinstance(p, str | Hole) for p in found) else None
        if parts is not None and _absolute(parts) and not str(parts[0]).startswith("file://"):
            yield _host(parts)
        else:
            yield _path(parts, glob, folders)


def _path(parts: tuple[Part, ...] | None, glob: bool, folders: bool) -> Target:
    if parts is None:
        return Target(None, f"the path {NOT_KNOWN}")
    spelled = ""
    for part in parts:
        if isinstance(part, str):
            spelled += part if glob else _escaped(part)
        elif part.role == "temp":
            return Target(spelled + "*")
        elif part.exact or (part.role == "parent" and folders and len(parts) == 1):
            spelled += "{" + part.params[0] + "}"
        elif part.role == "deep" and spelled:
            return Target(_tidy(spelled + "**"))
        elif not spelled:
            return Target(None, f"the path {part.reason}", params_of(parts))
        else:
            spelled += "*"
    return Target(_tidy(spelled.removeprefix("file://")))


def _escaped(text: str) -> str:
    return re.sub(r"[*?\[]", lambda m: f"[{m[0]}]", text) if any(c in text for c in "*?[") else text


def _tidy(path: str) -> str:
    if not path:
        return "."
    clean = posixpath.normpath(path)
    return clean[1:] if clean.startswith("//") else clean


def names(value: Value) -> Iterator[Target]:
    """Plain names (variables, libraries); a parameter stands as `{param}`."""
    for parts in alternatives(value):
        if parts is None:
            yield Target(None, f"the name {NOT_KNOWN}")
        elif len(parts) == 1 and isinstance(parts[0], Hole) and parts[0].exact and parts[0].role != "item":
            yield Target("{" + parts[0].params[0] + "}")
        elif all(isinstance(p, str) for p in parts):
            if any(parts):  # an empty name fails
                yield Target("".join(map(str, parts)))
        else:
            hole = next(p for p in parts if isinstance(p, Hole))
            yield Target(None, f"the name {hole.reason}", params_of(parts))
