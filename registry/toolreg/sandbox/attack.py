"""The attacks that come with toolreg: data, read by path and run only inside the sandbox.

Each file in `attacks/` holds META (group, seen, check, effects) and `attack()`, which returns `ESCAPED: …`
or `contained…`. It finds the things to attack in T, and `sysc(name, …)` for raw system calls.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from toolreg.sandbox.backends.linux.jail import libc

GROUPS = ("files", "network", "processes", "kernel interfaces", "resources", "channel", "observation", "time")
_PRELUDE = """\
import json, os, sys
try:
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
except ImportError:  # where no native code can be loaded at all
    ctypes = libc = None
NUMBERS = json.loads({numbers!r})
T = json.loads({targets!r})

def sysc(name, *arguments):
    if libc is None or name not in NUMBERS:
        return -1, 38
    ctypes.set_errno(0)
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(NUMBERS[name]), *plain)
    return result, ctypes.get_errno()

"""


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack. seen: a part of the effect that must be observed. check: what the host looks at afterwards.

    effects: what is granted to it, as in a docstring; a part in braces names a target.
    """

    name: str
    group: str
    what: str
    source: str
    seen: str = ""
    check: str = ""
    effects: tuple[str, ...] = ("write: .",)

    def code(self, targets: Mapping[str, object]) -> bytes:
        """The file to run, with its targets filled in."""
        prelude = _PRELUDE.format(numbers=json.dumps(libc.NUMBERS), targets=json.dumps(dict(targets)))
        return (prelude + self.source).encode()


def attacks() -> tuple[Attack, ...]:
    """Every attack, sorted by name."""
    folder = resources.files("toolreg.sandbox").joinpath("attacks")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".py"))
    return tuple(
        _attack(name.removesuffix(".py"), folder.joinpath(name).read_text(encoding="utf-8")) for name in names
    )


def _attack(name: str, source: str) -> Attack:
    tree = ast.parse(source)
    meta: dict[str, object] = {}
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "META"
        ):
            meta = ast.literal_eval(node.value)
    effects = meta.get("effects", ["write: ."])
    return Attack(
        name=name,
        group=str(meta["group"]),
        what=(ast.get_docstring(tree) or name).splitlines()[0],
        source=source,
        seen=str(meta.get("seen", "")),
        check=str(meta.get("check", "")),
        effects=tuple(effects) if isinstance(effects, list) else (),
    )
