"""A policy as the plan that the sandbox carries out: pure decisions over what stands on the host's disk."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from toolreg.effects import Effect, split_host
from toolreg.sandbox.backends.linux import grants, programs
from toolreg.sandbox.backends.linux.grants import WORK, Draft
from toolreg.sandbox.backends.linux.interpreter import View
from toolreg.sandbox.policy import Call, CallTool, Policy, PolicyError

WEB_PORTS = (80, 443)
# `*` as a port cannot listen everywhere: these are what services use.
COMMON_PORTS = tuple(
    map(
        int,
        [
            "21",
            "22",
            "25",
            "53",
            "80",
            "110",
            "143",
            "443",
            "465",
            "587",
            "993",
            "995",
            "3000",
            "5000",
            "5432",
            "6379",
            "8000",
            "8080",
            "8443",
            "8888",
            "9200",
        ],
    )
)
_CA_INSIDE = "/tmp/.toolreg-ca.pem"


def make(policy: Policy, call: Call, view: View, *, watched: bool, layers: tuple[str, ...]) -> dict[str, Any]:
    """The plan of one call, ready to be sent. Raises PolicyError where the policy cannot be granted."""
    workspace = os.path.realpath(policy.workspace) if policy.workspace is not None else None
    if workspace is not None and not os.path.isdir(workspace):
        raise PolicyError(
            f"the workspace {policy.workspace} is not a folder", hint="create it, or pass another"
        )
    draft = Draft(workspace)
    for effect in policy.of("write"):
        grants.write(draft, effect, policy)
    for effect in policy.of("read"):
        grants.read(draft, effect)
    execute = _programs(draft, policy, view)
    limits = asdict(policy.limits)
    return {
        "binds": [{"source": source, "target": target} for target, source in sorted(draft.binds.items())],
        "roots": [grants.spec(tree) for _, tree in sorted(draft.trees.items())],
        "writable": draft.writable,
        "copied": draft.copied,
        "disk": policy.limits.disk,
        "programs": execute,
        "processes": bool(policy.of("run")),
        # RLIMIT_NPROC does not bind root: without a control group the supervisor counts.
        "count_tasks": os.geteuid() == 0 and "cgroups" not in layers,
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


def ports(policy: Policy) -> list[int]:
    """TCP ports that something granted may be reached at."""
    found: set[int] = set()
    for effect in policy.of("net"):
        _, port = split_host(effect.target)
        found.update(WEB_PORTS if not port else COMMON_PORTS if port == "*" else (int(port),))
    return sorted(port for port in found if 0 < port < 65536)


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
    values = {"HOME": grants.HOME, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": "/tmp"}
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
