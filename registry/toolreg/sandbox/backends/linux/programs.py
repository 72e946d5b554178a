"""A declared program as files that may be executed: itself, its interpreter, its helpers."""

from __future__ import annotations

import os
import shutil
import struct
from dataclasses import dataclass
from functools import lru_cache

SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Folders of programs that these programs are made of.
_HELPERS = {"git": ("/usr/lib/git-core", "/usr/libexec/git-core")}
_PT_INTERP = 3


@dataclass(frozen=True, slots=True)
class Program:
    """binds: (host path, inside path) to show; execute: inside paths that may be started."""

    binds: tuple[tuple[str, str], ...]
    execute: tuple[str, ...]

    def everything(self) -> tuple[str, ...]:
        """Inside paths of the program and of each helper."""
        helpers = [
            os.path.join(each, name)
            for each in self.execute
            if os.path.isdir(each)
            for name in os.listdir(each)
        ]
        return (*self.execute, *helpers)


@lru_cache(maxsize=64)
def find(name: str) -> Program:
    """Everything needed to start `name`; nothing where there is no such program, or it may be any (`*`)."""
    if name == "*":
        folders = tuple(
            path for path in SEARCH.split(":") if os.path.isdir(path) and not os.path.islink(path)
        )
        return Program(tuple((path, path) for path in folders), ("/usr", "/lib", "/lib64", *folders))
    path = name if name.startswith("/") else shutil.which(name, path=SEARCH)
    if path is None or not os.path.isfile(path):
        return Program((), ())
    helpers = tuple(folder for folder in _HELPERS.get(os.path.basename(path), ()) if os.path.isdir(folder))
    needed = _interpreters(path)
    binds = tuple((os.path.realpath(each), each) for each in (path, *needed))
    return Program(binds, (path, *needed, *helpers))


def _interpreters(path: str, depth: int = 0) -> tuple[str, ...]:
    """The dynamic loader of a binary, or the interpreter of a script and what that needs in turn."""
    try:
        with open(path, "rb") as file:
            head = file.read(4096)
    except OSError:
        return ()
    if head.startswith(b"#!") and depth < 3:
        words = head[2:].split(b"\n", 1)[0].split()
        names = [os.fsdecode(word) for word in words[:1]]
        if names and os.path.basename(names[0]) == "env" and len(words) > 1:
            names.append(shutil.which(os.fsdecode(words[1]), path=SEARCH) or "")
        return tuple(one for name in names if name for one in (name, *_interpreters(name, depth + 1)))
    return _loader(head)


def _loader(head: bytes) -> tuple[str, ...]:
    if head[:4] != b"\x7fELF" or head[4] != 2:
        return ()
    try:
        start = struct.unpack_from("<Q", head, 32)[0]
        size, count = struct.unpack_from("<HH", head, 54)
        for number in range(count):
            kind = struct.unpack_from("<I", head, start + number * size)[0]
            if kind == _PT_INTERP:
                offset = struct.unpack_from("<Q", head, start + number * size + 8)[0]
                return (os.fsdecode(head[offset:].split(b"\0", 1)[0]),)
    except struct.error:
        return ()
    return ()
