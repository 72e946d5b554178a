"""`mcp.lock.json`: the servers an agent may use, each with the tools it offered when a person looked."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from toolreg.effects import parse_effects
from toolreg.errors import ConfigError, DigestMismatch, NotFound
from toolreg.load.files import replace_file
from toolreg.mcp.link import Offered
from toolreg.mcp.spec import ServerSpec

FILE = "mcp.lock.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Pinned:
    """One server, what it is granted, and its tools."""

    spec: ServerSpec
    tools: tuple[Offered, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the tool list, in the order of names."""
        return digest(self.tools)


@dataclass(frozen=True, slots=True)
class McpLock:
    """Every pinned server, by its target."""

    servers: tuple[Pinned, ...] = ()

    @classmethod
    def read(cls, path: Path) -> McpLock:
        """The lock of a file; empty where there is none. Raises ConfigError."""
        try:
            document = json.loads(path.read_text("utf-8"))
            if document["version"] != _VERSION:
                raise ConfigError("written by another version of toolreg", path=str(path), hint="import anew")
            lock = cls(tuple(map(_pinned, document["servers"])))
            wrong = [
                s for s, d in zip(lock.servers, document["servers"], strict=True) if s.digest != d["digest"]
            ]
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ConfigError(
                f"no lock of MCP servers: {error}", path=str(path), hint="import anew"
            ) from error
        if wrong:
            raise ConfigError(
                f"the entry of '{wrong[0].spec.target}' was changed by hand",
                path=str(path),
                hint="import anew",
            )
        return lock

    def write(self, path: Path) -> None:
        """Write it in one step: the old one stays whole until the new one is. Raises ConfigError."""
        document = {"version": _VERSION, "servers": [_plain(s) for s in self.servers]}
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        try:
            replace_file(path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise ConfigError(
                f"cannot write: {error.strerror}", path=str(path), hint="make room, or name another --folder"
            ) from error

    def with_server(self, pinned: Pinned) -> McpLock:
        """The lock with this server, in the place of an older entry."""
        others = tuple(s for s in self.servers if s.spec.target != pinned.spec.target)
        return replace(self, servers=tuple(sorted((*others, pinned), key=lambda s: s.spec.target)))

    def get(self, target: str) -> Pinned:
        """Raises NotFound for a server that nobody has imported."""
        for server in self.servers:
            if server.spec.target == target:
                return server
        raise NotFound(f"'{target}' is not pinned", hint=f'toolreg mcp import "{target}"')


def check(pinned: Pinned, offered: Sequence[Offered]) -> None:
    """Raise DigestMismatch, with what differs, if the server offers anything else than what was pinned."""
    if digest(offered) == pinned.digest:
        return
    lines = list(changes(pinned.tools, offered))
    raise DigestMismatch(
        f"'{pinned.spec.target}' offers other tools than those pinned: " + "; ".join(lines[:5])
        + (f" and {len(lines) - 5} more" if len(lines) > 5 else ""),
        hint=f'look at them, then: toolreg mcp import "{pinned.spec.target}"',
    )  # fmt: skip


def changes(before: Sequence[Offered], now: Sequence[Offered]) -> Iterator[str]:
    """One line for each difference between two tool lists."""
    old, new = {t.name: t for t in before}, {t.name: t for t in now}
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"{name} is gone"
        elif name not in old:
            yield f"{name} is new"
        else:
            yield from _changed(old[name], new[name])


def digest(tools: Sequence[Offered]) -> str:
    """SHA-256 of a tool list, whatever its order."""
    plain = sorted((asdict(t) for t in tools), key=lambda t: str(t["name"]))
    return "sha256:" + hashlib.sha256(_canonical(plain).encode()).hexdigest()


def _changed(old: Offered, new: Offered) -> Iterator[str]:
    for part, was in asdict(old).items():
        now = asdict(new)[part]
        if was != now:
            yield f"{old.name}: {part} {_difference(_text(was), _text(now))}"


def _difference(was: str, now: str) -> str:
    """The first place where two texts part."""
    for kind, i, j, k, m in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            return (
                f"has {now[max(0, k - 20) : m + 20]!r:.120} instead of {was[max(0, i - 20) : j + 20]!r:.120}"
            )
    return "changed"


def _text(value: Any) -> str:
    return value[:4000] if isinstance(value, str) else _canonical(value)[:4000]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _plain(server: Pinned) -> dict[str, Any]:
    return {
        "target": server.spec.target,
        "effects": [str(e).replace(":", ": ", 1) for e in server.spec.effects],
        "env": list(server.spec.env),
        "digest": server.digest,
        "tools": [asdict(t) for t in server.tools],
    }


def _pinned(entry: dict[str, Any]) -> Pinned:
    effects = parse_effects(entry["effects"]) if entry["effects"] else ()
    spec = ServerSpec(str(entry["target"]), effects, tuple(map(str, entry["env"])))
    return Pinned(spec, tuple(Offered(**tool) for tool in entry["tools"]))
