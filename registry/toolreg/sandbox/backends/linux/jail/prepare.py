"""What the fork server does once: its root, its modules, its filters; and what it removes at its end."""

from __future__ import annotations

import gc
import os
import sys

from . import landlock, libc, root, seccomp, stub, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What most tools import.
ALWAYS = (
    "dataclasses",
    "datetime",
    "decimal",
    "encodings.idna",
    "inspect",
    "io",
    "json",
    "linecache",
    "math",
    "re",
    "signal",
    "socket",
    "traceback",
    "typing",
)

_WATCHES = {"max_inotify_instances": 48, "max_inotify_watches": 8192}
_OF_EVERY_QUOTE = '''
def f():
    """One
    text."""
    return 'a', "b", f"{1}", r'c', 1.0
'''


def fork_server(setup: dict[str, Any]) -> view.Template:
    """Move into its own root, with everything that its children need. Raises OSError."""
    user, group = os.getuid(), os.getgid()
    if setup["tier"] == "A":
        libc.unshare(libc.CLONE_NEWUSER | libc.CLONE_NEWNS)
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
        _bound_watches()
        root.build([(source, target) for source, target in setup["binds"]], setup["links"])
    sys.path[:] = setup["path"]
    sys.prefix = sys.exec_prefix = setup["prefix"]
    sys.dont_write_bytecode = True
    if not setup["real_smolagents"]:
        stub.install()
    for module in setup["preload"]:
        __import__(module)
    if setup["real_smolagents"]:
        _warm()
    make_filter(setup["tier"], processes=False)
    return view.Template(
        tuple(target for _, target in setup["binds"] if os.path.exists(target)), setup["links"]
    )


def _bound_watches() -> None:
    """What all calls together may have of what the kernel counts by user, so that the user's other programs keep some."""
    for name, most in _WATCHES.items():
        try:
            with open(f"/proc/sys/user/{name}", "r+", encoding="ascii") as file:
                if int(file.read()) > most:
                    file.seek(0)
                    file.write(str(most))
        except (OSError, ValueError):
            continue  # an older kernel


def make_filter(tier: str, *, processes: bool) -> None:
    """The filter that most calls of this kind will have. Others are made where they are needed."""
    if tier == "A":
        seccomp.for_this_machine(seccomp.Filter(processes=processes, own_pid=1))
    elif not processes:
        truncation = landlock.version() >= landlock.KNOWS_TRUNCATION
        alone = seccomp.Filter(own_network=False, own_pid=1, signals_to=1, truncation=truncation)
        seccomp.for_this_machine(alone)


def _warm() -> None:
    """The real package reads sources by tokens: their patterns are compiled here, not in every child."""
    import inspect

    inspect.getblock(_OF_EVERY_QUOTE.splitlines(keepends=True))


def settle() -> None:
    """Keep the collector away from all that is there: to look at a page is to copy it."""
    gc.collect()
    gc.freeze()


def remove(folder: str) -> None:
    """As much of it as can be. No process of a call is left that could change it meanwhile."""
    for top, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            path = os.path.join(top, name)
            try:
                if name in folders and not os.path.islink(path):
                    os.rmdir(path)
                else:
                    os.unlink(path)
            except OSError:
                continue
    try:
        os.rmdir(folder)
    except OSError:
        return
