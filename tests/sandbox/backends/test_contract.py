"""What every backend keeps to, whatever it is made of. Each test runs against all of them that are here."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import (
    CallTool,
    Killed,
    Limits,
    Observation,
    Policy,
    PolicyError,
    Raised,
    Returned,
    RunExamples,
    Sandbox,
    hand_over,
)

from .conftest import Run

pytestmark = pytest.mark.xdist_group("docker")


def value(seen: Observation) -> object:
    assert isinstance(seen.outcome, Returned), (seen.outcome, seen.stderr)
    return seen.outcome.value


def test_a_call_returns_what_the_tool_returned(run: Run) -> None:
    seen = run("print('hello'); return [x + 1, {'ü': None}]", arguments={"x": 41})
    assert value(seen) == [42, {"ü": None}]
    assert seen.stdout == "hello\n"
    assert seen.effects == ()


def test_a_tool_class_of_smolagents_is_called(sandbox: Sandbox) -> None:
    code = b"""
from smolagents import Tool
class Shout(Tool):
    name = "shout"
    description = "Shouts."
    inputs = {"text": {"type": "string", "description": "Text."}}
    output_type = "string"
    def forward(self, text):
        return text.upper()
"""
    assert value(sandbox.call(code, CallTool("", {"text": "a"}), Policy())) == "A"


def test_examples_are_run_in_one_namespace(sandbox: Sandbox) -> None:
    code = b"def double(x):\n    return 2 * x\n"
    seen = sandbox.call(code, RunExamples("double", "double", ("y = double(2)", "y", "1 / 0")), Policy())
    assert isinstance(seen.outcome, Returned)
    assert [run.output for run in seen.outcome.examples] == ["", "4\n", ""]
    assert seen.outcome.examples[2].error == "ZeroDivisionError"


def test_an_error_has_its_type_message_and_line(run: Run) -> None:
    assert run("x = 1\nraise KeyError('lost')").outcome == Raised("KeyError", "'lost'", 4)


def test_code_that_does_not_parse_is_the_tools_error(sandbox: Sandbox) -> None:
    outcome = sandbox.call(b"def f(:\n", CallTool("f", {}), Policy()).outcome
    assert isinstance(outcome, Raised)
    assert outcome.type == "SyntaxError"


def test_a_hanging_call_is_killed(run: Run) -> None:
    seen = run("import time\nwhile True: time.sleep(1)", wall=1.5)
    assert seen.outcome == Killed("timeout")


def test_a_spinning_call_is_killed(run: Run) -> None:
    assert run("while True: pass", limits=Limits(wall=20, cpu=1)).outcome == Killed("cpu")


def test_too_much_memory_is_an_error_of_the_call(run: Run) -> None:
    outcome = run("x = bytearray(900 << 20); return len(x)", limits=Limits(memory=400 << 20)).outcome
    assert not isinstance(outcome, Returned)


def test_output_is_bounded(run: Run) -> None:
    seen = run("print('x' * 5_000_000); return 1", limits=Limits(output=1000))
    assert value(seen) == 1
    assert len(seen.stdout) <= 1000
    assert seen.truncated


def test_a_result_is_bounded(run: Run) -> None:
    assert run("return 'x' * 3_000_000", limits=Limits(result=1 << 20)).outcome == Killed("result")


def test_a_forged_result_is_no_result(run: Run) -> None:
    seen = run(
        "import os\nfor n in range(3, 20):\n    try: os.write(n, b'[' * 100_000)\n    except OSError: pass\nos._exit(0)"
    )
    assert isinstance(seen.outcome, Killed)


def test_only_named_files_are_read(run: Run, workspace: Path) -> None:
    body = """
        found = {}
        for name in ('a.txt', 'data/one.csv', 'data/two.csv', 'private/key'):
            try: found[name] = open(name).read()
            except OSError: found[name] = None
        return found
    """
    seen = run(body, "read: data/*.csv", workspace=str(workspace))
    assert value(seen) == {"a.txt": None, "data/one.csv": "1", "data/two.csv": "2", "private/key": None}


def test_no_file_of_the_host_is_there(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    body = """
        import os
        found = []
        for path in paths:
            if path.startswith('/proc/1/') and os.getpid() == 1:
                continue  # its own
            try: found.append(open(path).read(100))
            except OSError: pass
        return found
    """
    paths = [
        str(secret),
        "/etc/shadow",
        os.path.expanduser("~/.bashrc"),
        f"/proc/{os.getpid()}/environ",
    ]
    assert value(run(body, arguments={"paths": paths})) == []


def test_a_write_is_caught_and_handed_over_as_far_as_it_was_granted(run: Run, workspace: Path) -> None:
    body = """
        open('out.txt', 'w').write('new')
        try: open('other.txt', 'w').write('no')
        except OSError: pass
    """
    seen = run(body, "write: out.txt", workspace=str(workspace))
    value(seen)
    assert not (workspace / "out.txt").exists()
    assert Effect("write", "out.txt") in seen.of("write", "done")
    assert Effect("write", "other.txt") not in seen.of("write", "done")
    granted = Policy((Effect.parse("write: out.txt"),), workspace=str(workspace))
    hand_over(seen.changes, granted)
    assert (workspace / "out.txt").read_text() == "new"
    assert not (workspace / "other.txt").exists()


def test_a_changed_and_a_removed_file_are_told(run: Run, workspace: Path) -> None:
    body = "open('data/one.csv', 'a').write('1'); os.remove('data/two.csv')"
    seen = run(body, "write: data/*", workspace=str(workspace))
    value(seen)
    assert {(c.kind, c.path, c.data) for c in seen.changes if c.kind != "folder"} == {
        ("changed", "data/one.csv", b"11"),
        ("deleted", "data/two.csv", b""),
    }
    assert (workspace / "data/two.csv").exists()


def test_only_declared_variables_are_passed_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLREG_TEST_SECRET", "secret")
    body = "return os.environ.get('KEY'), os.environ.get('OTHER'), 'secret' in str(os.environ)"
    seen = run(body, "env: KEY", env={"KEY": "k", "OTHER": "o"})
    assert value(seen) == ["k", None, False]


def test_without_net_nothing_is_reached(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        body = """
            try:
                import socket
                socket.create_connection(('127.0.0.1', port), 2).close()
            except (OSError, AttributeError) as error:
                return 'no'
            return 'yes'
        """
        assert value(run(body, arguments={"port": listener.getsockname()[1]})) == "no"
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_granted_host_is_reached_and_no_other(run: Run, sandbox: Sandbox) -> None:
    if sandbox.backend == "wasi":
        with pytest.raises(PolicyError, match=r"granted net:127\.0\.0\.1"):
            run("return 1", "net: 127.0.0.1:80")
        return
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.2)

        def answer() -> None:
            channel, _ = listener.accept()
            with channel:
                channel.sendall(channel.recv(5).upper())

        thread = threading.Thread(target=answer)
        thread.start()
        port, closed = listener.getsockname()[1], other.getsockname()[1]
        body = """
            import socket
            with socket.create_connection(('127.0.0.1', port), 5) as channel:
                channel.sendall(b'hello')
                said = channel.recv(5).decode()
            try:
                socket.create_connection(('127.0.0.1', closed), 2).close()
            except OSError:
                return said
            return 'both'
        """
        seen = run(body, f"net: 127.0.0.1:{port}", arguments={"port": port, "closed": closed})
        thread.join()
        assert value(seen) == "HELLO"
        with pytest.raises(TimeoutError):
            other.accept()
    assert [(str(e.effect), e.source) for e in seen.effects if e.verdict == "done"] == [
        (f"net:127.0.0.1:{port}", "kernel")
    ]
    assert Effect("net", f"127.0.0.1:{closed}") in seen.of("net", "denied")


def test_no_program_is_started(run: Run) -> None:
    body = """
        import subprocess
        try: return subprocess.run(['/usr/bin/id'], capture_output=True).stdout.decode()
        except OSError: return 'no'
    """
    assert value(run(body)) == "no"


def test_a_second_call_finds_nothing_of_the_first(run: Run) -> None:
    run("""
        import sys, tempfile
        open(os.path.join(tempfile.gettempdir(), 'left'), 'w').write('x'); sys.left = 1; os.environ['LEFT'] = '1'
    """)
    body = "import sys, tempfile\nreturn [os.path.exists(os.path.join(tempfile.gettempdir(), 'left')), hasattr(sys, 'left'), 'LEFT' in os.environ]"
    assert value(run(body)) == [False, False, False]


def test_calls_at_once_do_not_mix(run: Run) -> None:
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda n: run("print(n); return n", arguments={"n": n}), range(6)))
    assert [(value(s), s.stdout) for s in seen] == [(n, f"{n}\n") for n in range(6)]


def test_nothing_is_left_behind(run: Run, sandbox: Sandbox) -> None:
    before = sandbox.left()
    run("while True: pass", limits=Limits(wall=1, cpu=8))
    run("return 1")
    assert sandbox.left() <= before  # what an earlier call left to die may be gone meanwhile


def test_what_held_the_call_is_named(run: Run, sandbox: Sandbox) -> None:
    seen = run("return 1")
    assert seen.isolation.backend == sandbox.backend
    assert seen.isolation.tier == sandbox.tier
    assert "enforced" in seen.isolation.layers.values()
    assert not seen.unknown


def test_a_workspace_that_is_not_there_is_a_clear_error(run: Run, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is not a folder"):
        run("return 1", "read: x", workspace=str(tmp_path / "none"))


def test_every_capability_says_how_or_why_not(sandbox: Sandbox) -> None:
    for name, each in sandbox.probe().capabilities.items():
        assert each.mechanism if each.level != "absent" else each.reason, name
