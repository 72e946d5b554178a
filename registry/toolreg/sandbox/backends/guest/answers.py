"""What comes back from a guest: collected within bounds, then read as an observation or an error."""

from __future__ import annotations

import contextlib
import json
import selectors
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Any, get_args

from toolreg.errors import HarnessError, SandboxUnavailable
from toolreg.sandbox.backends.guest import codec
from toolreg.sandbox.backends.linux import hostile
from toolreg.sandbox.limits import Limits
from toolreg.sandbox.observation import Isolation, Killed, Level, Observation, Usage
from toolreg.sandbox.policy import PolicyError

_CHUNK = 1 << 16
_WORDS = 8192
# How `docker run` ends where the container itself could not be started.
_NOT_STARTED = (125, 126, 127)
_UNSEEN = ("env", "read", "write", "run", "listen")


def collect(argv: Sequence[str], data: bytes, limits: Limits, seconds: float) -> bytes | Killed:
    """Run a command with `data` on its standard input, and give what it wrote; Killed where it did not end well.

    Raises SandboxUnavailable where it could not begin.
    """
    child = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    said = bytearray()
    helpers = [
        threading.Thread(target=_feed, args=(child, data), daemon=True),
        threading.Thread(target=_hear, args=(child, said), daemon=True),
    ]
    for each in helpers:
        each.start()
    try:
        answer, reason = _read(child, codec.most(limits), time.monotonic() + seconds)
        if not reason:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=15)
    finally:
        child.kill()
        child.wait()
        for each in helpers:
            each.join(timeout=5)
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
    if reason:
        return Killed(reason)
    if answer:
        return bytes(answer)
    return _silent(child.returncode, said.decode("utf-8", "replace"))


def _silent(status: int, said: str) -> Killed:
    last = (said.strip().splitlines() or ["no reason given"])[-1][:500]
    if status in _NOT_STARTED:
        raise SandboxUnavailable(f"the guest cannot start: {last}", hint="see `toolreg sandbox probe`")
    if status == 1:
        raise HarnessError(f"the guest failed: {last}")
    return Killed(f"signal {status - 128}" if status > 128 else f"exit {status}")


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    if child.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            child.stdin.write(data)
            child.stdin.close()


def _hear(child: subprocess.Popen[bytes], said: bytearray) -> None:
    while child.stderr is not None:
        try:
            data = child.stderr.read1(_CHUNK)  # type: ignore[attr-defined]  # a pipe is a buffered reader
        except (OSError, ValueError):
            return
        if not data:
            return
        said += data
        del said[:-_WORDS]


def _read(child: subprocess.Popen[bytes], most: int, limit: float) -> tuple[bytearray, str]:
    answer = bytearray()
    assert child.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, limit - time.monotonic())):
                return answer, "timeout"
            data = child.stdout.read1(_CHUNK)  # type: ignore[attr-defined]  # a pipe is a buffered reader
            if not data:
                return answer, ""
            answer += data
            if len(answer) > most:
                return answer, "result"


def observation(data: bytes) -> Observation:
    """The observation in an answer. Raises PolicyError, HarnessError where the guest tells of one."""
    told = hostile.parse(data)
    if isinstance(told, dict) and "error" in told:
        kind, message, hint = (str(told.get(name, ""))[:2000] for name in ("error", "message", "hint"))
        raise (PolicyError if kind == "policy" else HarnessError)(message, hint=hint)
    return codec.loads(data)


def account(data: bytes) -> dict[str, Any]:
    """The guest's own layers: {"tier": …, "layers": {name: (level, mechanism, reason)}}. Raises HarnessError."""
    try:
        told = json.loads(data)
        layers = {str(name): tuple(map(str, each)) for name, each in told["layers"].items()}
        if not all(len(each) == 3 and each[0] in get_args(Level) for each in layers.values()):
            raise ValueError("not layers")
        return {"tier": told["tier"], "layers": layers}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise HarnessError("the guest does not say what it holds") from error


def ended(reason: Killed, wall: float) -> Observation:
    """Of a call whose guest gave no answer: nothing is known of what it did, but that it is over."""
    return Observation(
        reason, (), "", "", False, (), Usage(wall=wall), Isolation("C", {}), unseen=_UNSEEN, unknown=("run",)
    )  # fmt: skip
