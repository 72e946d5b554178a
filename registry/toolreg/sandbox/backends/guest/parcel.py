"""What a guest is sent: one archive with the request, the tool's bytes and exactly the files that it is granted."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from toolreg.sandbox.backends.guest.codec import call_to_json
from toolreg.sandbox.backends.linux import grants
from toolreg.sandbox.limits import MIB, Limits
from toolreg.sandbox.policy import Call, Policy, PolicyError

# Python that unpacks an archive and begins. Arguments: the archive, where the answer goes ("-": the standard
# streams), and the folder that holds toolreg ("" where the archive brings it).
BOOT = """\
import io, os, sys, tarfile, tempfile
source, answer, program = sys.argv[1:4]
data = sys.stdin.buffer.read() if source == "-" else open(source, "rb").read()
top = tempfile.mkdtemp(prefix="toolreg-")
with tarfile.open(fileobj=io.BytesIO(data)) as tar:
    tar.extractall(top, **({"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}))
sys.path.insert(0, program or os.path.join(top, "program"))
from toolreg.sandbox.backends.guest import main
main.main(top, answer)
"""
_MOST = 256 * MIB
_PROGRAM = ("__init__.py", "effects.py", "errors.py", "targets.py", "sandbox")
_LEFT_OUT = ("attacks", "__pycache__")


@dataclass(slots=True)
class Parcel:
    """files: name in the archive → host path. outside: granted host files beyond workspace and home, by inside path."""

    files: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    outside: dict[str, str] = field(default_factory=dict)


def pack(
    code: bytes, request: Call, policy: Policy, *, parcel: Parcel, relay: str = "", program: bool = False
) -> bytes:
    """The archive, ready to be sent. relay: where inside the host's relay listens. program: bring toolreg too."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        told = _request(request, policy, relay)
        _add(tar, "request.json", json.dumps(told).encode("ascii", "backslashreplace"))
        _add(tar, "tool.py", code)
        if policy.ca_file is not None:
            tar.add(policy.ca_file, "authority.pem")
        for name in ("work", "home", *sorted(parcel.folders)):
            _folder(tar, name)
        for name, path in sorted(parcel.files.items()):
            tar.add(path, name, recursive=False)
        for name, data in _program() if program else ():
            _add(tar, f"program/toolreg/{name}", data)
    return out.getvalue()


def pack_question(*, program: bool = False) -> bytes:
    """The archive that only asks a guest for its own layers."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        _add(tar, "request.json", json.dumps({"call": None, "limits": asdict(Limits(wall=20))}).encode())
        for name, data in _program() if program else ():
            _add(tar, f"program/toolreg/{name}", data)
    return out.getvalue()


def granted_files(policy: Policy) -> Parcel:
    """Everything of this machine that the policy grants to read or to start from. Raises PolicyError."""
    workspace = os.path.realpath(policy.workspace) if policy.workspace is not None else None
    if workspace is not None and not os.path.isdir(workspace):
        raise PolicyError(
            f"the workspace {policy.workspace} is not a folder", hint="create it, or pass another"
        )
    draft, parcel = grants.Draft(workspace), Parcel()
    for effect in policy.of("write"):
        grants.write(draft, effect, policy)
    for effect in policy.of("read"):
        grants.read(draft, effect)
    for tree in draft.trees.values():
        if tree.lower is not None:
            _take(parcel, tree.lower, tree.target)
        for name in tree.folders:
            parcel.folders.add(_name(os.path.join(tree.target, name)) or "work")
        for name, source in tree.copies.items():
            _take(parcel, source, os.path.join(tree.target, name))
    for target, source in draft.binds.items():
        _take(parcel, source, target)
    _bounded(parcel)
    return parcel


def _take(parcel: Parcel, source: str, target: str) -> None:
    if not _name(target):
        parcel.outside[target] = source
    elif os.path.isdir(source):
        parcel.folders.add(_name(target))
        for folder, folders, files in os.walk(source):
            base = _name(os.path.normpath(os.path.join(target, os.path.relpath(folder, source))))
            parcel.folders.update(f"{base}/{each}" for each in folders)
            for each in files:
                _file(parcel, os.path.join(folder, each), f"{base}/{each}")
    else:
        _file(parcel, source, _name(target))


def _file(parcel: Parcel, source: str, name: str) -> None:
    if os.path.isfile(source) and not os.path.islink(source):
        parcel.files[name] = source


def _name(target: str) -> str:
    """The name in the archive of a path inside; empty for one beyond workspace and home."""
    for top, name in ((grants.WORK, "work"), (grants.HOME, "home")):
        if target == top or target.startswith(top + "/"):
            return os.path.normpath(name + target[len(top) :])
    return ""


def _bounded(parcel: Parcel) -> None:
    if sum(os.path.getsize(path) for path in parcel.files.values()) > _MOST:
        raise PolicyError(
            f"more than {_MOST // MIB} MiB are granted, too much to be sent for one call", hint="grant less"
        )


def _request(request: Call, policy: Policy, relay: str) -> dict[str, Any]:
    return {
        "call": call_to_json(request),
        "effects": [[e.kind, e.target, e.qualifier] for e in policy.effects],
        "workspace": policy.workspace is not None,
        "env": dict(policy.env),
        "limits": asdict(policy.limits),
        "authority": policy.ca_file is not None,
        "relay": relay,
    }


def _program() -> Iterator[tuple[str, bytes]]:
    """toolreg's own sandbox, as far as a guest needs it: standard library alone."""
    top = resources.files("toolreg")
    for name in _PROGRAM:
        yield from _sources(top.joinpath(name), name)


def _sources(entry: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if entry.is_dir():
        for each in sorted(entry.iterdir(), key=lambda e: e.name):
            if each.name not in _LEFT_OUT:
                yield from _sources(each, f"{name}/{each.name}")
    elif name.endswith(".py"):
        yield name, entry.read_bytes()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o644
    tar.addfile(info, io.BytesIO(data))


def _folder(tar: tarfile.TarFile, name: str) -> None:
    info = tarfile.TarInfo(name)
    info.type, info.mode = tarfile.DIRTYPE, 0o755
    tar.addfile(info)
