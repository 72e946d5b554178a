"""A real Ray cluster on loopback: two workers, one of them killed in the middle of 500 tools; only where Ray is installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from toolreg.audit import audit
from toolreg.audit.auditing import Progress
from toolreg.audit.engine import EngineLost, engine
from toolreg.audit.journal import read_rows

pytest.importorskip("ray", reason="needs Ray, which is large: make test-ray")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("ray"),
    pytest.mark.filterwarnings("default"),  # of Ray's own making
]
COUNT = 500
TOOL = 'from smolagents import tool\n\n\n@tool\ndef tool_{n}(text: str) -> str:\n    """Give {n} back."""\n    return text + "{n}"\n'
START = (
    "start",
    "--head",
    "--num-cpus",
    "2",
    "--node-ip-address",
    "127.0.0.1",
    "--include-dashboard",
    "false",
    "--disable-usage-stats",
)


class Cluster:
    """A Ray head with two workers, and its client's door on loopback."""

    address = "ray://127.0.0.1:10001"

    def __init__(self, folder: str) -> None:
        self._environment = os.environ | {
            "RAY_TMPDIR": folder,
            "RAY_AUTH_MODE": "disabled",  # else a token in the home decides
            "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S": "180",
        }
        self._run(*START)
        self._wait_until_it_answers()

    def workers(self) -> list[int]:
        """The processes that judge, or wait for a file to judge."""
        names = {int(p.name): _command(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
        return sorted(pid for pid, name in names.items() if name.startswith(("ray::judge", "ray::IDLE")))

    def stop(self) -> None:
        self._run("stop", "--force")

    def _wait_until_it_answers(self) -> None:
        for _ in range(4):  # its first client's own server may take longer to start than Ray waits for it
            with suppress(EngineLost):
                engine(self.address).start().shutdown()
                return

    def _run(self, *arguments: str) -> None:
        program = str(Path(sys.executable).with_name("ray"))
        subprocess.run(
            [program, *arguments], check=True, capture_output=True, timeout=300, env=self._environment
        )


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    # Its sockets stand there: a path of pytest's own is too long for them.
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp", ignore_cleanup_errors=True) as folder:
        started = Cluster(folder)
        try:
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
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        if progress.files == 100:
            killed.append(cluster.workers()[0])
            os.kill(killed[0], signal.SIGKILL)

    summary = audit(str(tree), tmp_path / "out", engine_name=cluster.address, on_progress=kill_one)
    assert killed
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


def test_no_cluster_is_named() -> None:
    with pytest.raises(EngineLost, match="no cluster answers"):
        engine("ray://127.0.0.1:1")
