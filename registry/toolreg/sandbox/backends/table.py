"""One table: what each backend holds and what it sees. docs/sandbox-backends.md shows it, tests hold it to it."""

from __future__ import annotations

from collections.abc import Mapping

from toolreg.effects import KINDS
from toolreg.sandbox.observation import Level

HOLDS = (
    ("files", "only granted files are there"),
    ("writes", "changes are caught before they are handed over"),
    ("network", "no connection but to granted hosts"),
    ("ports", "granted hosts at granted ports alone"),
    ("recorded answers", "a check can play the network"),
    ("environment", "only declared variables are there"),
    ("programs", "only granted programs start"),
    ("processor time", ""),
    ("memory", ""),
    ("disk", "what a call may write"),
    ("wall clock", ""),
    ("output and result", ""),
    ("own kernel", "a flaw of your kernel is out of reach"),
)
_OURS: Mapping[str, Level] = {
    "files": "enforced", "writes": "enforced", "network": "enforced", "ports": "enforced",
    "recorded answers": "enforced", "environment": "enforced", "programs": "enforced", "processor time": "enforced",
    "memory": "enforced", "disk": "enforced", "wall clock": "enforced", "output and result": "enforced",
    "own kernel": "absent",
}  # fmt: skip
_CLOUD: Mapping[str, Level] = {**_OURS, "ports": "best effort", "disk": "mediated", "programs": "best effort",
                               "recorded answers": "absent", "own kernel": "enforced"}  # fmt: skip
LEVELS: Mapping[str, Mapping[str, Level]] = {
    "linux": _OURS,
    "docker": _OURS,
    "podman": _OURS,
    "wasi": {**_OURS, "recorded answers": "absent", "disk": "mediated", "own kernel": "enforced"},
    "e2b": _CLOUD,
    "modal": _CLOUD,
    "blaxel": {**_CLOUD, "network": "mediated"},
}
# Kinds of effect whose every use a backend sees. `env` is nobody's: no kernel sees a process look at its own memory.
# On rented machines it is the layers inside them that see; where their kernel has none, only changes are told.
_SEEN_OURS = ("net", "listen", "read", "write", "run", "native", "code")
SEES: Mapping[str, tuple[str, ...]] = {
    "linux": _SEEN_OURS,
    "docker": _SEEN_OURS,
    "podman": _SEEN_OURS,
    "wasi": ("net", "listen", "write", "run", "native", "code"),
    "e2b": _SEEN_OURS,
    "modal": ("write", "code"),
    "blaxel": _SEEN_OURS,
}
NEEDS: Mapping[str, str] = {
    "linux": "Linux",
    "docker": "a Docker daemon",
    "podman": "podman",
    "wasi": "two packages",
    "e2b": "an account",
    "modal": "an account",
    "blaxel": "an account",
}


def markdown() -> str:
    """The table as the page shows it."""
    names = tuple(LEVELS)
    rows = [("", *names), tuple("---" for _ in (*names, "")), ("needs", *(NEEDS[name] for name in names))]
    for row, what in HOLDS:
        title = f"**holds** {row}" + (f": {what}" if what else "")
        rows.append((title, *(LEVELS[name][row] for name in names)))
    for kind in KINDS:
        rows.append((f"**sees** `{kind}`", *("yes" if kind in SEES[name] else "unknown" for name in names)))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
