"""Where user namespaces are withheld (containers), an agent's code is held by Landlock and seccomp."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from smolagents import Tool

from toolreg.agent import SandboxExecutor
from toolreg.agent.doctor.canaries import laid, release
from toolreg.agent.executor import StepFailed, StepKilled
from toolreg.sandbox import probe

pytestmark = pytest.mark.skipif(
    "notify" not in probe().layers("B"), reason="tier B needs seccomp user notification"
)


@pytest.fixture
def executor(tools: dict[str, Tool]) -> Iterator[SandboxExecutor]:
    made = SandboxExecutor(step_timeout=20, tier="B")
    made.send_variables({"given": (1, 2)})
    made.send_tools(tools)
    yield made
    made.cleanup()


def test_code_keeps_its_state_calls_tools_and_is_killed_in_time(executor: SandboxExecutor) -> None:
    executor("x = add(1, 2)")
    assert executor("x + given[1]").output == 5
    executor.step_timeout = 0.5
    with pytest.raises(StepKilled, match="time limit"):
        executor("print('so far')\nwhile True: pass")
    assert executor.state["_print_outputs"] == "so far\n"
    executor.step_timeout = 20
    with pytest.raises(StepFailed, match="NameError"):
        executor("x")
    assert "tier B" in executor.boundary


def test_files_go_both_ways(executor: SandboxExecutor, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n")
    executor.send_variables({"table": tmp_path / "t.csv"})
    executor("open('out.txt', 'w').write(open(table).read())")
    assert (executor.workspace.path / "out.txt").read_text() == "a\n1\n"
    (tmp_path / "late.csv").write_text("b\n")
    executor.send_variables({"late": tmp_path / "late.csv"})
    assert executor("open(late).read()").output == "b\n"


def test_no_canary_gets_out(executor: SandboxExecutor) -> None:
    with laid() as bait:
        executor.step_timeout = 2
        findings = list(release(executor, bait, executor.print_limit, 2))
    assert [f"{f.check}: {f.detail}" for f in findings if f.status != "pass"] == []


def test_nothing_is_left(executor: SandboxExecutor) -> None:
    executor("open('x', 'w').write('x')")
    pid, session = executor.pid, executor._session
    assert pid is not None
    assert session is not None
    executor.cleanup()
    assert not os.path.exists(session._scratch)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
