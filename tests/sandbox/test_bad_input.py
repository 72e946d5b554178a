"""What cannot be granted, is not there, or has run out: one clear line, and nothing left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.errors import ToolregError
from toolreg.sandbox import (
    CallTool,
    Limits,
    Observation,
    Policy,
    PolicyError,
    Raised,
    Returned,
    Sandbox,
    Tier,
    hand_over,
)

Run = Callable[..., Observation]


@pytest.mark.parametrize(
    ("effects", "workspace", "said"),
    [
        (["write: /etc/hosts"], None, "system's own folders"),
        (["write: /usr/lib/x"], None, "system's own folders"),
        (["write: /"], None, "whole root folder"),
        (["read: {path}"], None, "not bound"),
        (["read: a"], "/no/such/folder", "is not a folder"),
        (["read: a"], "/etc/passwd", "is not a folder"),
    ],
)
def test_a_policy_that_cannot_be_granted_is_one_line(
    sandbox: Sandbox, effects: list[str], workspace: str | None, said: str
) -> None:
    def attempt() -> None:
        policy = Policy(tuple(map(Effect.parse, effects)), workspace=workspace)
        sandbox.call(b"def f(): pass\n", CallTool("f", {}), policy)

    with pytest.raises(PolicyError, match=said) as caught:
        attempt()
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_a_file_that_may_be_written_lies_in_a_folder_that_may_be_read(run: Run, workspace: Path) -> None:
    (workspace / "data/link").symlink_to("/etc/passwd")
    body = """
        seen = []
        for name in ('data/one.csv', 'data/two.csv'):
            with open(name) as file:
                seen.append(file.read())
        open('data/one.csv', 'w').write('new')
        open('data/more.csv', 'w').write('more')
        for name in ('data/two.csv', 'data/link'):
            try: open(name, 'w').write('no')
            except OSError: pass
        return seen
    """
    policy = Policy(
        tuple(
            map(Effect.parse, ("read: data", "read: data/*", "write: data/one.csv", "write: data/more.csv"))
        ),
        workspace=str(workspace),
    )
    seen = run(body, *map(str, policy.effects), workspace=str(workspace))
    assert seen.outcome == Returned(["1", "2"], "list")
    applied = hand_over(seen.changes, policy).applied
    assert [change.path for change in applied if change.kind != "folder"] == ["data/more.csv", "data/one.csv"]
    assert (workspace / "data/two.csv").read_text() == "2"


def test_a_granted_path_that_is_not_there_is_simply_not_there(run: Run, workspace: Path) -> None:
    body = "try: open('missing/x.txt')\nexcept FileNotFoundError: return 'none'"
    seen = run(
        body,
        "read: missing/x.txt",
        "read: /no/such/file",
        "write: new/deep/out.txt",
        workspace=str(workspace),
    )
    assert seen.outcome == Returned("none", "str")


def test_a_granted_host_that_does_not_resolve_is_an_error_of_the_tool(run: Run) -> None:
    body = """
        import socket
        with socket.create_connection(('nobody.invalid', 80), timeout=5) as s:
            s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')
            return s.recv(10).decode()
    """
    seen = run(body, "net: nobody.invalid")
    assert isinstance(seen.outcome, Raised) or seen.outcome == Returned("", "str")
    told = [each for each in seen.effects if each.effect == Effect("net", "nobody.invalid")]
    assert [each.verdict for each in told] == ["attempt"]
    assert told[0].detail


_FULL = """
import sys
from toolreg.effects import Effect
from toolreg.errors import ToolregError
from toolreg.sandbox import *
code = b"def f():\\n    open('out.bin', 'wb').write(bytes(3 << 20))\\n"
policy = Policy((Effect.parse("write: out.bin"),), workspace=sys.argv[2])
with Sandbox(tier=sys.argv[1]) as sandbox:
    try:
        seen = sandbox.call(code, CallTool("f", {}), policy)
        done = hand_over(seen.changes, policy)
        print(type(seen.outcome).__name__, [reason for _, reason in done.refused])
    except (ToolregError, OSError) as error:
        print(type(error).__name__, error)
"""


def test_a_full_disk_refuses_the_hand_over_and_leaves_no_half_file(tier: Tier, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    registry = Path(sys.modules["toolreg"].__file__ or "").parents[1]
    shell = f'mount -t tmpfs -o size=1m full {full} && "$0" -c "$1" {tier} {full}; ls -A {full}'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", shell, sys.executable, _FULL],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(registry)},
        check=False,
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.stdout == "Returned ['No space left on device']\n", done.stderr


def test_limits_that_leave_nothing_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Limits(memory=0, processes=-1)


def test_memory_too_small_for_python_itself_is_an_end_with_a_reason(sandbox: Sandbox) -> None:
    code = b"def f():\n    return len(bytes(8 << 20))\n"
    seen = sandbox.call(code, CallTool("f", {}), Policy(limits=Limits(memory=1 << 20)))
    assert not isinstance(seen.outcome, Returned)
    assert sandbox.call(code, CallTool("f", {}), Policy()).outcome == Returned(8 << 20, "int")


def test_too_few_descriptors_are_an_error_of_the_tool(sandbox: Sandbox) -> None:
    code = b"import os\ndef f():\n    return [os.open('/dev/null', 0) for _ in range(50)][0]\n"
    seen = sandbox.call(code, CallTool("f", {}), Policy(limits=Limits(open_files=16)))
    assert isinstance(seen.outcome, Raised)
    assert seen.outcome.type == "OSError"


def test_an_entry_that_is_not_there_is_an_error_of_the_tool(sandbox: Sandbox) -> None:
    seen = sandbox.call(b"x = 1\n", CallTool("f", {}), Policy())
    assert seen.outcome == Raised("NameError", "tool.py defines no 'f'", 0)


def test_an_authority_that_cannot_be_read_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(ToolregError, match="cannot be read"):
        sandbox.call(b"def f(): pass\n", CallTool("f", {}), Policy(ca_file="/no/such/authority.pem"))
