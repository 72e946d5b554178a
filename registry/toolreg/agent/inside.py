"""Puts the worker into the sandbox: one program, one channel, one folder, nothing else."""

from __future__ import annotations

import marshal
from functools import cache
from importlib import resources
from pathlib import Path

from toolreg.effects import Effect
from toolreg.sandbox.limits import Limits
from toolreg.sandbox.observation import Tier
from toolreg.sandbox.policy import Policy
from toolreg.sandbox.session import Session

# A session lives as long as its agent; steps are timed by the executor.
_LONGEST = 7 * 24 * 3600
_PRELOAD = ("ast", "base64", "fractions", "pathlib", "statistics", "threading", "uuid")
_PROGRAM = """\
import marshal, os, stat, sys, types

def _load(name, code):
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(marshal.loads(code), module.__dict__)
    return module

_load("toolreg_codec", {codec!r})
_worker = _load("toolreg_worker", {worker!r})

def serve():
    for name in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(name).st_mode):
                return _worker.serve(name)
        except OSError:
            continue
"""


def open_session(workspace: Path, memory: int, tier: Tier | None = None) -> Session:
    """A fresh sandbox that runs the worker. Raises SandboxUnavailable, HarnessError."""
    effects = (Effect("read", "*"), Effect("write", "*"))
    limits = Limits(wall=_LONGEST, cpu=_LONGEST, memory=memory, open_files=128)
    policy = Policy(effects, workspace=str(workspace), limits=limits)
    return Session(program(), "serve", policy, preload=_PRELOAD, tier=tier)


@cache
def program() -> bytes:
    """The worker as one source, with the codec that both sides share; compiled here, by the same interpreter."""
    here = resources.files("toolreg.agent")
    codec, worker = (
        marshal.dumps(compile(here.joinpath(f"{name}.py").read_bytes(), f"<toolreg_{name}>", "exec"))
        for name in ("codec", "worker")
    )
    return _PROGRAM.format(codec=codec, worker=worker).encode()
