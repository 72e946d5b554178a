"""A real cluster on loopback: two workers, one of them killed in the middle of 500 tools."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolreg.audit import audit
from toolreg.audit.auditing import Progress
from toolreg.audit.engine import EngineLost, engine
from toolreg.audit.journal import read_rows

pytest.importorskip("distributed", reason="needs Dask: pip install '.[dask]'")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dask")]
COUNT = 500
TOOL = '''from smolagents import tool


@tool
def tool_{n}(text: str) -> int:
    """Count the words of a text, then add {n}.

    Side effects: none

    Args:
        text: Any text, e.g. "one two".

    Returns:
        Number of words.
    """
    return len(text.split()) + {n}
'''


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(self.file),
        )
        deadline = time.monotonic() + 60
        while not self.file.exists():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        options = (
            "--nworkers",
            "1",
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
        )
        self.workers = [self._start("worker", "--scheduler-file", str(self.file), *options) for _ in range(2)]

    @property
    def address(self) -> str:
        import json

        return json.loads(self.file.read_text())["address"].replace("tcp://", "dask://")

    def wait_for_workers(self) -> None:
        from distributed import Client

        with Client(scheduler_file=str(self.file)) as client:
            client.wait_for_workers(2, timeout=60)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.dask_{command[0]}"
        with open(self.folder / f"{command[0]}.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *command[1:]], stdout=log, stderr=log, cwd=self.folder
            )

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path)
    try:
        started.wait_for_workers()
        yield started
    finally:
        started.stop()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tools"
    root.mkdir()
    for n in range(COUNT):
        (root / f"tool_{n:03d}.py").write_text(TOOL.format(n=n))
    return root


def test_every_result_exactly_once_though_a_worker_is_killed(
    cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    def kill_one(progress: Progress) -> None:
        if progress.files == 100:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    summary = audit(str(tree), tmp_path / "out", engine_name=cluster.address, on_progress=kill_one)
    assert cluster.workers[0].wait(10) == -signal.SIGKILL
    assert [row["path"] for row in read_rows(tmp_path / "out/tools.jsonl")] == [
        f"tool_{n:03d}.py" for n in range(COUNT)
    ]
    assert (summary.tools, summary.not_judged, summary.facts["judged"]) == (COUNT, 0, COUNT)
    audit(str(tree), tmp_path / "here", engine_name="here")
    assert (tmp_path / "here/tools.jsonl").read_text() == (tmp_path / "out/tools.jsonl").read_text()


def test_a_cluster_that_vanishes_is_named_and_the_next_run_goes_on(
    cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    def kill_all(progress: Progress) -> None:
        if progress.files == 50:
            cluster.stop()

    with pytest.raises(EngineLost, match="is gone") as caught:
        audit(str(tree), tmp_path / "out", engine_name=cluster.address, on_progress=kill_all)
    assert "goes on where it stopped" in caught.value.hint
    summary = audit(str(tree), tmp_path / "out", engine_name="here")
    assert summary.tools == COUNT
    assert summary.facts["carried_over"] >= 50


def test_an_engine_knows_at_once_that_its_cluster_is_gone(cluster: Cluster) -> None:
    chosen = engine(cluster.address)
    with chosen.start():
        assert chosen.alive()
        cluster.stop()
        assert not chosen.alive()


def test_no_cluster_is_named() -> None:
    with pytest.raises(EngineLost, match="no cluster answers"):
        engine("dask://127.0.0.1:1")
