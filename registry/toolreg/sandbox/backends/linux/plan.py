"""A policy as the plan that the sandbox carries out: pure decisions over what stands on the host's disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from toolreg.effects import Effect, is_glob, literal, split_host
from toolreg.sandbox.backends.linux import programs
from toolreg.sandbox.backends.linux.interpreter import View
from toolreg.sandbox.policy import Call, CallTool, Policy, PolicyError

WORK = "/work"
WEB_PORTS = (80, 443)
# `*` as a port cannot listen everywhere: these are what services use.
COMMON_PORTS = (
    21,
    22,
    25,
    53,
    80,
    110,
    143,
    443,
    465,
    587,
    993,
    995,
    3000,
    5000,
    5432,
    6379,
    8000,
    8080,
    8443,
    8888,
    9200,
)
_NEVER_WRITTEN = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc",
    "/proc",
    "/dev",
    "/sys",
    "/boot",
    "/opt/python",
)
_MOST_FILES = 20_000
_CA_INSIDE = "/tmp/.toolreg-ca.pem"


@dataclass(slots=True)
class _Tree:
    """A folder whose changes are caught: everything of `lower` shows, or only `copies` and `folders`."""

    target: str
    lower: str | None = None
    folders: set[str] = field(default_factory=set)
    copies: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """The parts of a plan as they are found; inside paths throughout, host paths where the name says so."""

    workspace: str | None
    binds: dict[str, str] = field(default_factory=dict)
    trees: dict[str, _Tree] = field(default_factory=dict)
    writable: list[str] = field(default_factory=list)
    copied: int = 0


def make(policy: Policy, call: Call, view: View, *, watched: bool, layers: tuple[str, ...]) -> dict[str, Any]:
    """The plan of one call, ready to be sent. Raises PolicyError where the policy cannot be granted."""
    workspace = os.path.realpath(policy.workspace) if policy.workspace is not None else None
    if workspace is not None and not os.path.isdir(workspace):
        raise PolicyError(
            f"the workspace {policy.workspace} is not a folder", hint="create it, or pass another"
        )
    draft = Draft(workspace)
    for effect in policy.of("write"):
        _write(draft, effect, policy)
    for effect in policy.of("read"):
        _read(draft, effect)
    execute = _programs(draft, policy, view)
    limits = asdict(policy.limits)
    return {
        "binds": [{"source": source, "target": target} for target, source in sorted(draft.binds.items())],
        "roots": [_spec(tree) for _, tree in sorted(draft.trees.items())],
        "writable": draft.writable,
        "copied": draft.copied,
        "disk": policy.limits.disk,
        "programs": execute,
        "processes": bool(policy.of("run")),
        # RLIMIT_NPROC does not bind root: then the supervisor counts.
        "count_tasks": os.geteuid() == 0,
        "ports": ports(policy),
        "listen": [int(e.target) for e in policy.of("listen") if e.target.isdigit()],
        "env": _environment(policy),
        "cwd": WORK,
        "limits": limits,
        "watched": watched,
        "layers": layers,
        "call": _call(call, limits["output"]),
        "authority": [_CA_INSIDE, _authority(policy)] if policy.ca_file is not None else None,
    }


def inside(path: str) -> str:
    """An effect's path as the call sees it."""
    return os.path.normpath(path if path.startswith("/") else f"{WORK}/{path}")


def ports(policy: Policy) -> list[int]:
    """TCP ports that something granted may be reached at."""
    found: set[int] = set()
    for effect in policy.of("net"):
        _, port = split_host(effect.target)
        found.update(WEB_PORTS if not port else COMMON_PORTS if port == "*" else (int(port),))
    return sorted(port for port in found if 0 < port < 65536)


def _read(draft: Draft, effect: Effect) -> None:
    for path in _matches(draft, effect):
        target = inside(path)
        if not _shown(draft, target):
            source = _host(draft, path)
            if source is not None and os.path.exists(source):
                draft.binds[target] = source


def _write(draft: Draft, effect: Effect, policy: Policy) -> None:
    if inside(literal(effect.target)).startswith(tuple(f"{place}/" for place in _NEVER_WRITTEN)):
        raise PolicyError(f"'{effect}' lies in the system's own folders", hint="write below the workspace")
    relative = not effect.target.startswith("/")
    tree = _tree_of(draft, effect)
    if relative and _is_everything(effect.target):
        tree.lower = draft.workspace
    base = _fixed_part(effect.target)
    draft.writable.append(inside(base) if is_glob(effect.target) else inside(literal(effect.target)))
    if tree.lower is not None:
        return
    _show_parents(draft, tree, base if is_glob(effect.target) else os.path.dirname(literal(effect.target)))
    for path in _matches(draft, effect):
        source = _host(draft, path)
        if source is not None:
            _copy(draft, tree, source, os.path.relpath(inside(path), tree.target), policy)


def _tree_of(draft: Draft, effect: Effect) -> _Tree:
    """Relative targets share the workspace's tree; an absolute one has its folder's."""
    target = WORK
    if effect.target.startswith("/"):
        base = _fixed_part(effect.target)
        target = base if is_glob(effect.target) or os.path.isdir(base) else os.path.dirname(base)
        if target == "/":
            raise PolicyError(f"'{effect}' would need the whole root folder", hint="name a folder below it")
    return draft.trees.setdefault(target, _Tree(target))


def _show_parents(draft: Draft, tree: _Tree, folder: str) -> None:
    """A file's folder is there if the host has it, though nothing else of it shows."""
    source = _host(draft, folder or ".")
    if source is not None and os.path.isdir(source):
        tree.folders.add(os.path.relpath(inside(folder or "."), tree.target))


def _copy(draft: Draft, tree: _Tree, source: str, name: str, policy: Policy) -> None:
    """Note what of the host a write target starts from."""
    if os.path.isdir(source) and not os.path.islink(source):
        tree.folders.add(name)
        for folder, folders, files in os.walk(source):
            base = os.path.normpath(os.path.join(name, os.path.relpath(folder, source)))
            tree.folders.update(os.path.join(base, each) for each in folders)
            for each in files:
                _copy_file(draft, tree, os.path.join(folder, each), os.path.join(base, each), policy)
    elif os.path.isfile(source):
        _copy_file(draft, tree, source, name, policy)


def _copy_file(draft: Draft, tree: _Tree, source: str, name: str, policy: Policy) -> None:
    if os.path.islink(source) or not os.path.isfile(source):
        return
    tree.copies[os.path.normpath(name)] = source
    draft.copied += os.path.getsize(source) + 4096
    if len(tree.copies) > _MOST_FILES or draft.copied > policy.limits.disk * 16:
        raise PolicyError(
            f"too much lies under what may be written ({name})",
            hint="grant a smaller folder or raise limits.disk",
        )


def _shown(draft: Draft, target: str) -> bool:
    """True if a tree shows this path already."""
    for tree in draft.trees.values():
        if target == tree.target or target.startswith(tree.target + "/"):
            name = os.path.relpath(target, tree.target)
            if tree.lower is not None or name in tree.copies:
                return True
    return False


def _is_everything(target: str) -> bool:
    return target in ("*", "**", ".", "./", "**/*") or not target


def _fixed_part(target: str) -> str:
    """The folder of a glob that holds no wildcard: `notes/2026-*/x.md` → `notes`."""
    if not is_glob(target):
        return literal(target)
    parts = []
    for part in target.split("/")[:-1]:
        if is_glob(part):
            break
        parts.append(literal(part))
    return "/".join(parts) or ("/" if target.startswith("/") else ".")


def _matches(draft: Draft, effect: Effect) -> Iterator[str]:
    """Paths on the host that a target names: itself, or what its wildcards match."""
    target = effect.target
    if not target.startswith("/"):
        if draft.workspace is None:
            return
        if _is_everything(target):
            yield "."
            return
    if not is_glob(target):
        yield literal(target)
        return
    yield from _walk(draft, effect)


def _walk(draft: Draft, effect: Effect) -> Iterator[str]:
    base = _fixed_part(effect.target)
    top = _host(draft, base)
    seen = 0
    for folder, folders, files in os.walk(top) if top is not None else ():
        for name in sorted((*folders, *files)):
            seen += 1
            if seen > _MOST_FILES * 5:
                raise PolicyError(f"'{effect}' looks through too many files", hint="name a smaller folder")
            path = os.path.normpath(os.path.join(base, os.path.relpath(folder, top), name))
            if effect.covers(Effect(effect.kind, path)):
                yield path
                if name in folders:
                    folders.remove(name)


def _host(draft: Draft, path: str) -> str | None:
    """The host path behind a target; None if a link leads it out of the workspace."""
    if path.startswith("/"):
        return os.path.realpath(path)
    if draft.workspace is None:
        return None
    real = os.path.realpath(os.path.join(draft.workspace, path))
    within = real == draft.workspace or real.startswith(draft.workspace.rstrip("/") + "/")
    return real if within else None


def _programs(draft: Draft, policy: Policy, view: View) -> list[str]:
    execute: list[str] = []
    for effect in policy.of("run"):
        program = programs.find(effect.target)
        execute += program.execute
        for source, target in program.binds:
            if not view.hides(os.path.realpath(target)):
                draft.binds[target] = source
    return execute


def _environment(policy: Policy) -> dict[str, str]:
    values = {"HOME": "/tmp", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": "/tmp"}
    if policy.ca_file is not None:
        values |= dict.fromkeys(
            ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"), _CA_INSIDE
        )
    declared = {name: value for name, value in policy.env.items() if policy.allows(Effect("env", name))}
    return values | declared


def _authority(policy: Policy) -> str:
    if policy.ca_file is None:
        return ""
    try:
        with open(policy.ca_file, encoding="ascii") as file:
            return file.read(1 << 20)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"the authority's file {policy.ca_file} cannot be read: {error}") from error


def _call(call: Call, output: int) -> dict[str, Any]:
    if isinstance(call, CallTool):
        return {"kind": "call", "entry": call.entry, "arguments": dict(call.arguments)}
    sources = list(call.sources)
    return {"kind": "examples", "entry": call.entry, "name": call.name, "sources": sources, "output": output}


def _spec(tree: _Tree) -> dict[str, Any]:
    copies = [[source, name] for name, source in sorted(tree.copies.items())]
    return {"target": tree.target, "lower": tree.lower, "folders": sorted(tree.folders), "copies": copies}
