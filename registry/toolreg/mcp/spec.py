"""Which server: a command that runs in the sandbox, or an address; and what it is granted."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from toolreg.effects import Effect, EffectSyntaxError, parse_effects
from toolreg.errors import UsageError

_VISIBLE = ("/usr", "/usr/local", "/", "/bin", "/opt")


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A server and its grant. target: the command line or URL as given. env: names, never values."""

    target: str
    effects: tuple[Effect, ...] = ()
    env: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, target: str, effects: tuple[str, ...] = (), env: tuple[str, ...] = ()) -> ServerSpec:
        """A command line or URL with `kind: target` effects. Raises UsageError."""
        try:
            granted = parse_effects(effects) if effects else ()
        except EffectSyntaxError as error:
            raise UsageError(f"--effect: {error}", hint=error.hint) from error
        spec = cls(target.strip(), granted, env)
        if not spec.target:
            raise UsageError("no server is named", hint="give its command, or its URL")
        if spec.is_url and not urlsplit(spec.target).hostname:
            raise UsageError(f"'{target}' names no host", hint="write https://HOST/mcp")
        return spec

    @property
    def is_url(self) -> bool:
        return self.target.startswith(("http://", "https://"))

    @property
    def argv(self) -> list[str]:
        """The command with its program as a full path. Raises UsageError where there is none."""
        try:
            words = shlex.split(self.target)
        except ValueError as error:
            raise UsageError(f"the command cannot be read: {error}", hint="mend its quotes") from error
        found = shutil.which(words[0])
        if found is None:
            raise UsageError(
                f"there is no program '{words[0]}'", hint="install the server, then name its own program"
            )
        return [os.path.abspath(found), *words[1:]]

    @property
    def reach(self) -> tuple[Effect, ...]:
        """What its tools can do at most: the sandbox holds a command to it; a remote server does what it likes there."""
        if self.is_url:
            return (Effect("net", _host(self.target), "deletes"), *self.effects)
        return self.effects

    def grant(self) -> tuple[Effect, ...]:
        """Everything the sandbox lets the command do: its own files, its program, and the granted effects."""
        program = self.argv[0]
        own = {Effect("run", program), *(Effect("read", folder) for folder in _homes(program))}
        env = {Effect("env", name) for name in self.env}
        return tuple(sorted({*own, *env, *self.effects}))


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port not in (None, 80, 443) else str(parts.hostname)


def _homes(program: str) -> set[str]:
    """The folders a program is installed in: its environment, its node_modules, its interpreter's."""
    found: set[str] = set()
    for path in (program, os.path.realpath(program), *_interpreter(program)):
        parts = Path(path).parts
        if "node_modules" in parts:
            found.add(str(Path(*parts[: parts.index("node_modules") + 1])))
        elif Path(path).parent.name in ("bin", "sbin"):
            found.add(str(Path(path).parent.parent))
    return {home for home in found if home not in _VISIBLE}


def _interpreter(program: str) -> tuple[str, ...]:
    try:
        with open(program, "rb") as file:
            head = file.readline(4096)
    except OSError:
        return ()
    words = os.fsdecode(head[2:]).split() if head.startswith(b"#!") else []
    return (words[0], os.path.realpath(words[0])) if words and not words[0].endswith("/env") else ()
