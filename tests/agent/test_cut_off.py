"""Ctrl-C, SIGTERM and SIGKILL at every event of a run: the record is whole, nothing goes on, nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolreg.agent import read_trace
from toolreg.agent.owners import is_abandoned, mark, temporary_folder
from toolreg.agent.undisturbed import Undisturbed

# One process imports everything, and forks a fresh one for every event and signal.
DRIVER = """
    import os, signal, sys, traceback
    from pathlib import Path
    from smolagents import CodeAgent, LogLevel, tool
    from toolreg.agent import SandboxExecutor, ScriptedModel, TraceWriter, run_agent
    from toolreg.agent.scripted import code

    @tool
    def add(a: int, b: int) -> int:
        '''Add two numbers.

        Args:
            a: One.
            b: Another.
        '''
        return a + b

    add.effects = ()

    def interrupted(*_):
        raise KeyboardInterrupt

    def run(folder, point, number):
        signal.signal(signal.SIGTERM, interrupted)
        executor = SandboxExecutor()
        replies = [code("x = add(1, 2)", "open('made.txt', 'w').write('x')"), code("1 / 0"), code("final_answer(x)")]
        agent = CodeAgent([add], ScriptedModel(replies), executor=executor, verbosity_level=LogLevel.OFF)
        seen = []
        def tell(kind, event):
            seen.append(kind)
            if executor.pid:
                (folder / "pid").write_text(str(executor.pid))
            if len(seen) == point:
                os.kill(os.getpid(), number)
        outcome = run_agent(agent, "x", trace=TraceWriter(folder), on_event=tell)
        (folder / "ending").write_text(str(outcome.ending))
        agent.cleanup()
        return len(seen)

    def forked(folder, point, number):
        folder.mkdir(parents=True)
        pid = os.fork()
        if pid == 0:
            os.environ["TMPDIR"] = str(folder.parent / "tmp")
            try:
                run(folder, point, number)
            except BaseException:
                (folder / "ending").write_text(traceback.format_exc())
            finally:
                os._exit(0)
        os.waitpid(pid, 0)

    root = Path(sys.argv[1])
    (root / "tmp").mkdir()
    forked(root / "whole", 0, 0)
    events = (root / "whole/events.jsonl").read_bytes().count(b"\\n")
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        for point in range(1, events + 1):
            forked(root / f"{number.name}-{point}", point, number)
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for each signal at each event."""
    root = tmp_path_factory.mktemp("cut-off")
    script = root / "driver.py"
    script.write_text(textwrap.dedent(DRIVER))
    done = subprocess.run(
        [sys.executable, str(script), str(root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return root


def cut(runs: Path, name: str) -> Iterator[tuple[int, Path]]:
    events = read_trace(runs / "whole").events
    assert len(events) > 12
    for point in range(1, len(events) + 1):
        yield point, runs / f"{name}-{point}"


@pytest.mark.slow
def test_a_killed_run_is_on_record_up_to_its_last_event(runs: Path) -> None:
    whole = [e["type"] for e in read_trace(runs / "whole").events]
    for point, folder in cut(runs, "SIGKILL"):
        trace = read_trace(folder)
        assert ([e["type"] for e in trace.events], trace.problem) == (whole[:point], ""), folder.name
        assert trace.state == ("success" if point == len(whole) else "cut off")
        assert not (folder / "ending").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_run_ends_in_a_named_state(runs: Path, name: str) -> None:
    for _, folder in cut(runs, name):
        trace = read_trace(folder)
        assert trace.problem == "", folder.name
        assert trace.state in ("interrupted", "success"), folder.name
        assert (folder / "ending").read_text() == trace.state, folder.name
    assert read_trace(runs / f"{name}-3").state == "interrupted"


@pytest.mark.slow
def test_no_process_and_no_folder_is_left(runs: Path) -> None:
    for folder in runs.iterdir():
        if (folder / "pid").exists():
            assert gone(int((folder / "pid").read_text())), folder.name
    left = [p.name for p in (runs / "tmp").iterdir()]
    assert [n for n in left if not n.startswith("toolreg-agent-")] == []
    with pytest.MonkeyPatch.context() as patch:  # what killed ones could not remove, the next one does
        patch.setattr("tempfile.tempdir", str(runs / "tmp"))
        temporary_folder("toolreg-agent-").rmdir()
    assert list((runs / "tmp").iterdir()) == []


def gone(pid: int) -> bool:
    """True once the process has ended; the kernel may take a moment over it."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_only_what_a_process_of_this_place_left_is_abandoned() -> None:
    place, pid, start = mark().rsplit(".", 2)
    assert not is_abandoned(mark())
    assert is_abandoned(f"{place}.{pid}.{int(start) + 1}")
    with subprocess.Popen(["/bin/true"]) as process:
        process.wait()
    assert is_abandoned(f"{place}.{process.pid}.1")
    for other in ("", "x", f"00000000.1.{pid}.1", f"{place}.{pid}", "../../etc"):
        assert not is_abandoned(other)


def test_a_folder_of_another_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place = mark().rsplit(".", 2)[0]
    for name, owner in (("mine", 0), ("theirs", 65534)):
        folder = tmp_path / f"x-{place}.1.1-{name}"
        folder.mkdir()
        os.chown(folder, owner, owner)
    made = temporary_folder("x-")
    assert sorted(p.name.rpartition("-")[2] for p in tmp_path.iterdir() if p != made) == ["theirs"]


SHOT_AT = """
    import signal, sys
    from pathlib import Path
    from toolreg.agent import TraceWriter

    def handle(_, frame):
        while frame is not None:
            if frame.f_code.co_filename.endswith("writer.py"):
                raise KeyboardInterrupt
            frame = frame.f_back

    signal.signal(signal.SIGINT, handle)
    writer = TraceWriter(Path(sys.argv[1]))
    print("ready", flush=True)
    interrupted = 0
    while interrupted < 200:
        try:
            writer.write("note", interrupted=interrupted)
        except KeyboardInterrupt:
            interrupted += 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
"""


def test_a_signal_does_not_cut_an_event_in_two(tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(SHOT_AT), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.001)
    trace = read_trace(tmp_path)
    assert process.returncode == 0
    assert trace.problem == ""
    assert len(trace.events) >= 50


def test_what_is_held_back_is_delivered_or_dropped() -> None:
    with Undisturbed(drop=True):
        os.kill(os.getpid(), signal.SIGINT)
        held = True
    assert held
    with pytest.raises(KeyboardInterrupt):
        _shoot_inside(seen := [])
    assert seen == ["went on"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _shoot_inside(seen: list[str]) -> None:
    with Undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        seen.append("went on")
