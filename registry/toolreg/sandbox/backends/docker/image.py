"""The image that calls run in: almost empty; the interpreter and its packages are shown to it read-only."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
from functools import lru_cache

import toolreg
from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.backends.docker.engine import Engine
from toolreg.sandbox.backends.linux import interpreter

REPOSITORY = "toolreg-root"
PROGRAM = "/opt/toolreg"
_FOLDERS = (
    "bin",
    "dev",
    "etc",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "sys",
    "tmp",
    "usr",
    "usr/bin",
    "usr/sbin",
    "var",
)
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def root() -> bytes:
    """The image's only layer, the same bytes on the same machine."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in _FOLDERS:
            _entry(tar, name, tarfile.DIRTYPE, mode=0o1777 if name == "tmp" else 0o755)
        for name, target in sorted(interpreter.view(moved_apart=False).links.items()):
            _entry(tar, name, tarfile.SYMTYPE, link=target)
        for name, text in _FILES.items():
            _entry(tar, name, tarfile.REGTYPE, data=text.encode())
    return out.getvalue()


def _entry(
    tar: tarfile.TarFile, name: str, kind: bytes, *, mode: int = 0o644, link: str = "", data: bytes = b""
) -> None:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname, info.size = kind, mode, link, len(data)
    tar.addfile(info, io.BytesIO(data))


def ensure(engine: Engine) -> str:
    """The image's name; imported where the engine lacks it. Its tag is its content's digest."""
    data = root()
    name = f"{REPOSITORY}:{hashlib.sha256(data).hexdigest()[:12]}"
    try:
        engine.ask("image", "inspect", "--format", "{{.Id}}", name)
    except SandboxUnavailable:
        engine.ask("import", "-", name, data=data)
    return name


@lru_cache(maxsize=1)
def shown() -> tuple[tuple[str, str], ...]:
    """What of this machine is mounted read-only, each at its own path: Python, its packages, toolreg."""
    own = [source for source, _ in interpreter.view(moved_apart=False).binds]
    own += [os.path.join(sys.base_prefix, "bin")] if sys.base_prefix != "/usr" else ["/usr/bin"]
    if sys.prefix != sys.base_prefix:
        own += [os.path.join(sys.prefix, name) for name in ("bin", "pyvenv.cfg")]
    package = os.path.dirname(os.path.realpath(toolreg.__file__))
    return (*((path, path) for path in own if os.path.exists(path)), (package, f"{PROGRAM}/toolreg"))


def python() -> str:
    """The interpreter in a container, at the path that it has here: a virtual environment's stays one."""
    return os.path.join(sys.prefix, "bin", os.path.basename(sys.executable))


def programs() -> tuple[tuple[str, str], ...]:
    """Folders of programs, shown only to a call that may start one; which one, the layers inside decide."""
    return tuple((path, path) for path in ("/usr/bin", "/usr/sbin", "/usr/local/bin") if os.path.isdir(path))
