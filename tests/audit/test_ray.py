"""A real Ray cluster on loopback; only where Ray is installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolreg.audit import audit
from toolreg.audit.journal import read_rows

pytest.importorskip("ray", reason="needs Ray: pip install '.[ray]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("ray"),
    pytest.mark.filterwarnings("default"),  # of Ray's own making
]
TOOL = 'from smolagents import tool\n\n\n@tool\ndef tool_{n}(text: str) -> str:\n    """Give {n} back."""\n    return text + "{n}"\n'


@pytest.fixture
def address() -> Iterator[str]:
    program = str(Path(sys.executable).with_name("ray"))
    start = ["start", "--head", "--num-cpus", "2", "--include-dashboard", "false", "--disable-usage-stats"]
    subprocess.run([program, *start], check=True, capture_output=True, timeout=200)
    try:
        yield "ray://127.0.0.1:10001"
    finally:
        subprocess.run([program, "stop"], check=True, capture_output=True, timeout=100)


def test_a_ray_cluster_judges_as_this_process_does(address: str, tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    for n in range(40):
        (tmp_path / f"tools/tool_{n:02d}.py").write_text(TOOL.format(n=n))
    assert audit(str(tmp_path / "tools"), tmp_path / "ray", engine_name=address).tools == 40
    audit(str(tmp_path / "tools"), tmp_path / "here", engine_name="here")
    assert list(read_rows(tmp_path / "ray/tools.jsonl")) == list(read_rows(tmp_path / "here/tools.jsonl"))
