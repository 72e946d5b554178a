"""What this machine's sandbox really holds: every attack, run and judged from outside."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from toolreg.effects import Effect
from toolreg.errors import ToolregError
from toolreg.sandbox.attack import Attack, attacks
from toolreg.sandbox.backends.choice import DEFAULT
from toolreg.sandbox.backends.linux.jail import root
from toolreg.sandbox.handover import hand_over
from toolreg.sandbox.limits import MIB, Limits
from toolreg.sandbox.observation import Killed, Observation, Raised, Returned, Tier
from toolreg.sandbox.policy import CallTool, Policy, PolicyError
from toolreg.sandbox.sandbox import Sandbox
from toolreg.sandbox.targets import Targets

# What tier B cannot hold, and why. Everything else is held by both.
NOT_HELD_BY_B = {
    "fs_existence": "without mounts a file's name and size can be asked for, though not its content",
    "ipc_uts": "without namespaces the host's name shows",
    "net_interfaces": "without namespaces the names of network devices show",
}
_LIMITS = Limits(
    wall=3,
    cpu=2,
    memory=512 * MIB,
    processes=48,
    open_files=256,
    file_size=64 * MIB,
    disk=64 * MIB,
    output=64 * 1024,
    events=500,
)
# Where calls have mounts of their own; others come and go on any machine.
_MOUNTED_INSIDE = ("/work", "/tmp", "/tmp/home", "/dev/shm", "/proc", "/", *root.PLACES)
_BRIEF = 1.0
_LEFT_IN_A_FILE = 1 << 20


@dataclass(frozen=True, slots=True)
class AttackResult:
    """One attack's end. held: nothing was reached or harmed. seen: the attempt stands in the observation.

    reason: what went wrong, or why it is known not to be held here. ran: False where the backend cannot grant
    what the attack starts from, so that it never began.
    """

    attack: Attack
    held: bool
    seen: bool
    reason: str = ""
    known: bool = False
    ran: bool = True


def check_sandbox(
    tier: Tier | None = None,
    *,
    backend: str = DEFAULT,
    only: Iterable[str] = (),
    told: Callable[[AttackResult], None] | None = None,
) -> tuple[AttackResult, ...]:
    """Run the attack set against a sandbox of this machine. Raises SandboxUnavailable where there is none.

    only: names of attacks; all if empty. told: called with each result as it comes.
    """
    names = frozenset(only)
    results = []
    with Targets() as targets, Sandbox(tier=tier, backend=backend) as sandbox:
        for attack in attacks():
            if not names or attack.name in names:
                results.append(run_attack(attack, sandbox, targets))
                if told is not None:
                    told(results[-1])
    return tuple(results)


def run_attack(attack: Attack, sandbox: Sandbox, targets: Targets) -> AttackResult:
    """One attack from a fresh workspace.

    The judgement rests on the host's own look, not on the attack's word.
    """
    targets.reset()
    sandbox.start()
    values = {**targets.values, "own_network": sandbox.tier != "B"}
    policy = _policy(attack, targets)
    before = _leftovers(sandbox)
    try:
        seen = [
            sandbox.call(attack.code(values), CallTool("attack", {}), policy)
            for _ in range(2 if attack.check == "twice" else 1)
        ]
        reason = next(
            filter(None, (_problem(attack, each, policy, targets, sandbox.tier) for each in seen)), ""
        )
    except PolicyError as error:  # what the attack is granted cannot be had there: it never began
        return AttackResult(attack, True, False, str(error), ran=False)
    except ToolregError as error:
        return AttackResult(attack, False, False, f"the sandbox itself failed: {error}")
    reason = reason or targets.harm() or _new(before, _leftovers(sandbox))
    known = sandbox.tier == "B" and attack.name in NOT_HELD_BY_B
    why = NOT_HELD_BY_B[attack.name] if known and reason else reason
    return AttackResult(attack, not reason, _was_seen(attack, seen[0], values), why, known)


def _policy(attack: Attack, targets: Targets) -> Policy:
    values = {name: str(value) for name, value in targets.values.items()}
    effects = tuple(Effect.parse(text.format(**values)) for text in attack.effects)
    limits = _LIMITS
    if attack.check == "killed":
        limits = replace(_LIMITS, wall=_BRIEF)
    return Policy(effects, workspace=targets.workspace, limits=limits)


def _problem(attack: Attack, seen: Observation, policy: Policy, targets: Targets, tier: Tier) -> str:
    outcome = seen.outcome
    # Another system may lack what an attack is made of: then it failed. Here it must have been stopped.
    stopped = Killed | Raised if tier == "C" else Killed
    if isinstance(outcome, Returned) and str(outcome.value).startswith("ESCAPED"):
        return str(outcome.value)[:300]
    match attack.check:
        case "killed" if not isinstance(outcome, stopped):
            return f"it ended by itself: {outcome}"[:300]
        case "workspace_same" if targets.input_changed() or hand_over(seen.changes, policy).applied:
            return "a file was changed that may only be read"
        case "handed_over_safely":
            hand_over(seen.changes, policy)
            return next(_unsafe(targets.workspace, policy), "")
        case "dropped_is_said" if seen.usage.events > policy.limits.events and not seen.usage.events_dropped:
            return "the record was cut and does not say so"
    too_much = (
        len(seen.stdout.encode()) > policy.limits.output or len(seen.stderr.encode()) > policy.limits.output
    )
    return "more output was kept than allowed" if too_much else ""


def _unsafe(folder: str, policy: Policy) -> Iterator[str]:
    """What must not have arrived on the host."""
    for top, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(top, name)
            status = os.lstat(path)
            relative = os.path.relpath(path, folder)
            if stat.S_ISLNK(status.st_mode) and not os.path.realpath(path).startswith(folder):
                yield f"{relative!r} leads out of the workspace"
            elif not (
                stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) or stat.S_ISLNK(status.st_mode)
            ):
                yield f"{relative!r} is a device or pipe"
            elif status.st_mode & 0o7000:
                yield f"{relative!r} has a set-user bit"
            elif stat.S_ISREG(status.st_mode) and status.st_size > _LEFT_IN_A_FILE:
                yield f"{relative!r} is larger than what was written"
            elif name in files and relative != "input.txt" and not policy.allows(Effect("write", relative)):
                yield f"{relative!r} was not promised"


def _was_seen(attack: Attack, seen: Observation, values: dict[str, object]) -> bool:
    if not attack.seen:
        return True
    wanted = attack.seen.format(**values)
    return any(wanted in str(each.effect) for each in seen.effects)


def _leftovers(sandbox: Sandbox) -> tuple[frozenset[str], int]:
    """Processes that descend from the sandbox, and this process's mounts at places that calls mount at.

    Who is in the fork server's own user namespace has run nothing of a tool's yet: it waits for the next call.
    """
    found: set[str] = set(sandbox.left())
    for pid in map(str, sandbox.pids()):
        own = _user_namespace(pid) if sandbox.tier == "A" else None
        waiting = _children(pid, f"{pid} is gone")
        while waiting:
            each = waiting.pop()
            waiting += _children(each)
            if own is None or _user_namespace(each) != own:
                found.add(each)
    with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
        points = [line.split()[4] for line in file]
    return frozenset(found), sum(point in _MOUNTED_INSIDE for point in points)


def _children(pid: str, *otherwise: str) -> list[str]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return file.read().split()
    except OSError:
        return list(otherwise)


def _user_namespace(pid: str) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/ns/user")
    except OSError:
        return None


def _new(before: tuple[frozenset[str], int], after: tuple[frozenset[str], int]) -> str:
    if after[0] - before[0]:
        return f"left behind: process {', '.join(sorted(after[0] - before[0]))}"
    return "left behind: a mount" if after[1] > before[1] else ""
