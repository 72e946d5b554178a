"""The file tree that a call sees: built once for the zygote, refined for each call."""

from __future__ import annotations

import os

from . import libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOST = "/.host"
SCRATCH = "/.overlay"
_FOLDERS = (
    "proc",
    "tmp",
    "dev",
    "dev/shm",
    "etc",
    "work",
    "usr",
    "usr/bin",
    "usr/local",
    ".host",
    ".overlay",
)
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {"dev/fd": "/proc/self/fd", "bin": "usr/bin", "sbin": "usr/bin", "usr/sbin": "bin"}
_READ_ONLY = libc.ATTR_RDONLY | libc.ATTR_NOSUID | libc.ATTR_NODEV
# Places to build on; what they hold on the host is hidden only from the zygote itself.
_SITES = ("/sys", "/mnt", "/srv", "/media")
PLACES = (HOST, SCRATCH, *_SITES)
ETC_FILES = {
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:3 attempts:2\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "passwd": "tool:x:1000:1000::/tmp:/bin/false\n",
    "group": "tool:x:1000:\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "host.conf": "multi on\n",
    # One user lives in here, so whose a repository is says nothing.
    "gitconfig": "[safe]\n\tdirectory = *\n",
}


def make_point(path: str, *, folder: bool) -> bool:
    """A place to mount on; False where none can be made (below something read-only)."""
    try:
        if folder:
            os.makedirs(path, exist_ok=True)
        elif not os.path.lexists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))
    except OSError:
        return os.path.exists(path) and os.path.isdir(path) == folder
    return True


def show(source: str, target: str) -> bool:
    """Bind a path read-only into the tree; False where there is nothing to show or no place for it."""
    if not os.path.exists(source) or not make_point(target, folder=os.path.isdir(source)):
        return False
    libc.bind(source, target, _READ_ONLY)
    return True


def build(binds: Iterable[tuple[str, str]], links: Mapping[str, str]) -> None:
    """Make the zygote's root from (host path, inside path) pairs and move into it; the host stays at HOST."""
    libc.mount(None, "/", None, libc.MS_REC | libc.MS_PRIVATE)
    site = next(place for place in _SITES if os.path.isdir(place) and not os.path.islink(place))
    handles = [
        (os.open(source, os.O_PATH | os.O_CLOEXEC), target)
        for source, target in binds
        if os.path.exists(source)
    ]
    libc.mount("tmpfs", site, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "size=8m,mode=755,nr_inodes=8192")
    for folder in _FOLDERS:
        os.makedirs(f"{site}/{folder}", exist_ok=True)
    for handle, target in handles:
        show(f"/proc/self/fd/{handle}", site + target)
        os.close(handle)
    _link(site, links)
    _furnish(site)
    # A process may mount a fresh /proc only while it can see one in full.
    libc.mount("/proc", f"{site}/proc", None, libc.MS_BIND | libc.MS_REC)
    os.chdir(site)
    libc.pivot_root(".", HOST[1:])
    os.chdir("/")


def renew(binds: Iterable[str], links: Mapping[str, str]) -> str:
    """A root of this call's own, for paths that the zygote's root must not keep.

    Gives where the host now is.
    """
    libc.mount("tmpfs", SCRATCH, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "size=8m,mode=755,nr_inodes=8192")
    for folder in _FOLDERS:
        os.makedirs(f"{SCRATCH}/{folder}", exist_ok=True)
    os.makedirs(f"{SCRATCH}/.old")
    for path in (*binds, "/etc", "/dev"):
        if make_point(SCRATCH + path, folder=os.path.isdir(path)):
            try:
                libc.mount(path, SCRATCH + path, None, libc.MS_BIND | libc.MS_REC)
            except FileNotFoundError:
                continue  # a file that the host has replaced since is still shown, but cannot be bound again
    libc.mount("/proc", f"{SCRATCH}/proc", None, libc.MS_BIND | libc.MS_REC)
    _link(SCRATCH, links)
    os.chdir(SCRATCH)
    libc.pivot_root(".", ".old")
    os.chdir("/")
    return "/.old"


def _link(site: str, links: Mapping[str, str]) -> None:
    for name, to in {**links, **_LINKS}.items():
        if not os.path.lexists(f"{site}/{name}"):
            os.symlink(to, f"{site}/{name}")


def _furnish(site: str) -> None:
    for name in _DEVICES:
        make_point(f"{site}/dev/{name}", folder=False)
        libc.mount(f"/dev/{name}", f"{site}/dev/{name}", None, libc.MS_BIND)
    for name, text in ETC_FILES.items():
        with open(f"{site}/etc/{name}", "w", encoding="utf-8") as file:
            file.write(text)
