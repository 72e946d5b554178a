"""An agent's project with an MCP server, by the commands: pinned, used, and refused once it changed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.agent import read_trace
from toolreg.agent.scripted import code
from toolreg.agent.trace import Trace
from toolreg.cli.app import run
from toolreg.mcp.spec import ServerSpec

Project = tuple[Path, str]


@pytest.fixture
def project(tmp_path: Path, server: Callable[..., ServerSpec], monkeypatch: pytest.MonkeyPatch) -> Project:
    """An agent with a pinned server; the second part is the server's command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    spec = server()
    (script,) = (word for word in shlex.split(spec.target) if word.endswith("fake_server.py"))
    assert run(["new", "agent", "research_agent"]) == 0
    monkeypatch.chdir(tmp_path / "research_agent")
    assert run(["mcp", "import", spec.target, "--effect", f"read: {script}"]) == 0
    policy = Path("toolreg.toml")
    policy.write_text(policy.read_text().replace("mcp = []", f"mcp = [{json.dumps(spec.target)}]"))
    return Path.cwd(), script


def go(*replies: str, **options: str) -> tuple[int, Trace | None]:
    """Run the agent on recorded answers: the exit code, and the record if there is one."""
    Path("replies.json").write_text(json.dumps(replies))
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    exit_code = run(["agent", "run", "x", "--model", "scripted:replies.json", *words])
    records = sorted(Path("runs").glob("*/events.jsonl"))
    return exit_code, read_trace(records[-1].parent) if records else None


@pytest.mark.usefixtures("project")
def test_a_pinned_servers_tools_are_the_agents(capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    exit_code, trace = go(code("final_answer(get_sum(a=2, b=3))"))
    assert trace is not None
    assert (exit_code, capfd.readouterr().out) == (0, "5\n")
    (call,) = [e for e in trace.of("call") if e["tool"] == "get_sum"]
    assert call["where"] == "sandbox (MCP)"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("what", "told"),
    [("crash", "the server has ended"), ("flood", "the server has ended"), ("long", "is the limit")],
)
def test_a_server_at_its_worst_fails_its_step_alone(what: str, told: str) -> None:
    exit_code, trace = go(code(f"probe(what={what!r})"), code("final_answer('went on')"))
    assert trace is not None
    assert (exit_code, trace.state, trace.problem) == (0, "success", "")
    assert told in str(next(trace.of("result"))["error"])


@pytest.mark.usefixtures("project")
def test_a_server_that_hangs_ends_the_step() -> None:
    exit_code, trace = go(code("probe(what='hang')"), code("final_answer('went on')"), step_timeout="1")
    assert trace is not None
    assert (exit_code, trace.state, trace.problem) == (0, "success", "")


def test_a_server_that_renamed_its_tools_is_refused_before_anything_runs(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    script = Path(project[1])
    script.write_text(script.read_text().replace('"name": "probe"', '"name": "prove"'))
    capfd.readouterr()
    exit_code, trace = go(code("final_answer(1)"))
    assert (exit_code, trace) == (1, None)
    assert "probe is gone" in capfd.readouterr().err
    assert list(Path("runs").iterdir()) == []


def test_a_server_that_does_not_start_any_more_is_one_clear_error(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    Path(project[1]).write_text("raise SystemExit('I need a key')")
    capfd.readouterr()
    exit_code, _ = go(code("final_answer(1)"))
    err = capfd.readouterr().err
    assert exit_code == 3
    assert err.splitlines()[0] == "error: the server ended before it answered: exit 1: I need a key"
