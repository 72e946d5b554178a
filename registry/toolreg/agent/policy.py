"""An agent's policy, in `toolreg.toml`: what it may import, call and use up.

[agent]
kind = "code"                  # or "tool-calling"
sandbox = "local"              # or docker, e2b, modal, blaxel
network = false                # docker, e2b, modal: may their sandbox reach out? local never does
imports = ["json"]             # besides Python's harmless modules
tools = ["tools/", "acme/city-weather"]
locked = true                  # the tools of toolreg.lock, too
max_steps = 12
deadline = 600                 # seconds for the whole task
step_timeout = 30              # seconds for one step
tokens = 200000                # in and out together
memory_mb = 1024
destructive = []               # tools that may change or destroy without asking
allow_trifecta = false
env = []                       # variables that tools may be given, if they declare them

[agent.reasons]                # why a risky import is needed
subprocess = "…"
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from toolreg.agent.budget import Budget
from toolreg.agent.secrets import looks_secret
from toolreg.errors import ConfigError, UsageError

FILE = "toolreg.toml"
KINDS = ("code", "tool-calling")
SANDBOXES = ("local", "docker", "e2b", "modal", "blaxel")
# Modules by which code leaves what a whitelist means to say.
RISKY = frozenset(
    {"*", "builtins", "ctypes", "importlib", "multiprocessing", "os", "pickle", "posix", "pty", "shutil"}
    | {"signal", "socket", "subprocess", "sys", "threading"}
)


@dataclass(frozen=True, slots=True)
class AgentPolicy:
    """What one agent may do. Defaults are the safe ones."""

    kind: str = "code"
    sandbox: str = "local"
    network: bool = False
    imports: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    locked: bool = True
    mcp: tuple[str, ...] = ()
    max_steps: int = 12
    deadline: float = 600.0
    step_timeout: float = 30.0
    tokens: int | None = None
    memory_mb: int = 1024
    destructive: tuple[str, ...] = ()
    allow_trifecta: bool = False
    folders: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @property
    def budget(self) -> Budget:
        return Budget(self.max_steps, self.deadline, self.step_timeout, self.tokens)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Risky imports for which no reason is given."""
        return tuple(i for i in self.imports if i.split(".")[0] in RISKY and not self.reasons.get(i))

    @classmethod
    def read(cls, path: Path) -> AgentPolicy:
        """The policy of a file. Raises ConfigError: unreadable, an unknown key, a value of the wrong kind."""
        try:
            document = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise ConfigError(f"no policy: {error.strerror}", path=str(path)) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ConfigError(f"does not parse: {error}", path=str(path), hint="mend the TOML") from error
        unknown = sorted(set(document) - {"agent"})
        if unknown or not isinstance(document.get("agent"), dict):
            what = f"unknown table '{unknown[0]}'" if unknown else "no table [agent]"
            raise ConfigError(what, path=str(path), hint="an agent's policy stands under [agent]")
        return cls._of(document["agent"], str(path))

    @classmethod
    def find(cls, folder: Path) -> AgentPolicy:
        """The policy of a folder; the defaults where it has none. Raises ConfigError."""
        path = folder / FILE
        return cls.read(path) if path.is_file() else cls()

    @classmethod
    def of_project(cls, folder: Path) -> AgentPolicy:
        """The policy of a folder that must be there. Raises ConfigError, UsageError."""
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder", hint="name the agent's project")
        return cls.find(folder)

    def changed(self, **values: Any) -> AgentPolicy:
        """The policy with these values, None for those that stay. Raises ConfigError for one that cannot be."""
        policy = replace(self, **{name: value for name, value in values.items() if value is not None})
        policy._check("")
        return policy

    def with_more(self, *, imports: Iterable[str] = (), tools: Iterable[str] = ()) -> AgentPolicy:
        """Further imports and tools; tools that somebody names stand in the place of all that are locked."""
        more = tuple(tools)
        return replace(
            self,
            imports=(*self.imports, *imports),
            tools=(*self.tools, *more),
            locked=self.locked and not more,
        )

    @classmethod
    def _of(cls, table: Mapping[str, Any], path: str) -> AgentPolicy:
        hints = get_type_hints(cls)
        known = [f.name for f in fields(cls) if f.name != "path"]
        values: dict[str, Any] = {"path": path}
        for name, value in table.items():
            if name not in known:
                raise ConfigError(f"unknown key '{name}'", path=path, hint=f"known: {', '.join(known)}")
            values[name] = _checked(name, value, hints[name], path)
        policy = cls(**values)
        policy._check(path)
        return policy

    def _check(self, path: str) -> None:
        if self.kind not in KINDS:
            raise ConfigError(f"unknown kind '{self.kind}'", path=path, hint=f"one of: {', '.join(KINDS)}")
        if self.sandbox not in SANDBOXES:
            raise ConfigError(
                f"unknown sandbox '{self.sandbox}'", path=path, hint=f"one of: {', '.join(SANDBOXES)}"
            )
        for name in ("max_steps", "deadline", "step_timeout", "tokens", "memory_mb"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise ConfigError(f"{name} must be a number above 0", path=path)


def _checked(name: str, value: Any, kind: Any, path: str) -> Any:
    if any(isinstance(v, str) and looks_secret(v) for v in (value if isinstance(value, list) else [value])):
        raise ConfigError(
            f"'{name}' holds what looks like a key", path=path, hint="keys go into the environment"
        )
    if kind == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
    elif kind is bool or kind is str:
        if isinstance(value, kind):
            return value
    elif name == "reasons":
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return dict(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if kind is float else int(value)
    raise ConfigError(f"'{name}' has a value of the wrong kind: {value!r:.80}", path=path)
