"""What of this machine a call may see to run Python at all.

The interpreter, its packages, the system's libraries.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from dataclasses import dataclass
from functools import lru_cache

_SYSTEM = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share", "/usr/local/lib",
    "/usr/local/lib64",     "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki", "/etc/ca-certificates", "/etc/ld.so.cache",
    "/etc/localtime", "/etc/mime.types", "/etc/alternatives", "/nix/store",
)  # fmt: skip
_MAY_BE_LINKS = ("lib", "lib32", "lib64", "libx32")
_OCCUPIED = ("/work",)  # the workspace is mounted there
_ELSEWHERE = "/opt/python"


@dataclass(frozen=True, slots=True)
class View:
    """binds: (host path, inside path); links: names in the root; path: the child's sys.path."""

    binds: tuple[tuple[str, str], ...]
    links: dict[str, str]
    path: tuple[str, ...]
    prefix: str
    executable: str

    def hides(self, path: str) -> bool:
        """True for a path that belongs to the interpreter or the system: reading it is no effect."""
        return any(path == each or path.startswith(each + "/") for pair in self.binds for each in pair)


def _inside(path: str, number: int) -> str:
    """Where a host path is shown: at its own place, unless the sandbox needs that place itself."""
    taken = any(path == place or path.startswith(place + "/") for place in _OCCUPIED)
    return f"{_ELSEWHERE}/{number}" if taken else path


def packages() -> tuple[str, ...]:
    """Folders of installed packages.

    Editable installs are not among them: they would show a project's folder.
    """
    found = [*site.getsitepackages(), *(sysconfig.get_path(name) for name in ("purelib", "platlib"))]
    if site.ENABLE_USER_SITE:
        found.append(site.getusersitepackages())
    return tuple(dict.fromkeys(os.path.realpath(path) for path in found if os.path.isdir(path)))


def _libraries() -> tuple[str, ...]:
    base = os.path.realpath(sys.base_prefix)
    if base in ("/usr", "/usr/local", "/"):
        return ()
    return tuple(path for name in ("lib", "lib64") if os.path.isdir(path := os.path.join(base, name)))


@lru_cache(maxsize=2)
def view(*, moved_apart: bool = True) -> View:
    """This interpreter's view, the same for every call.

    moved_apart: what lies where the sandbox puts its own folders is shown elsewhere (tier A mounts,
    tier B cannot).
    """
    system = [path for path in _SYSTEM if os.path.exists(path)]
    links = {}
    for name in _MAY_BE_LINKS:
        if os.path.islink(f"/{name}"):
            links[name] = os.readlink(f"/{name}")
        elif os.path.isdir(f"/{name}"):
            system.append(f"/{name}")
    own = [
        path
        for path in (*_libraries(), *packages())
        if not any(path == s or path.startswith(s + "/") for s in system)
    ]
    own = [path for path in own if not any(path != other and path.startswith(other + "/") for other in own)]
    moved = {path: _inside(path, number) if moved_apart else path for number, path in enumerate(own)}
    stdlib = os.path.realpath(os.path.dirname(os.__file__))
    path = tuple(_moved(each, moved) for each in (stdlib, f"{stdlib}/lib-dynload", *packages()))
    binds = tuple((each, each) for each in system) + tuple(moved.items())
    prefix = _moved(os.path.realpath(sys.base_prefix), moved)
    return View(binds, links, path, prefix, sys.executable)


def _moved(path: str, moved: dict[str, str]) -> str:
    for source, target in moved.items():
        if path == source or path.startswith(source + "/"):
            return target + path[len(source) :]
    return path
