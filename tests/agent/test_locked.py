"""An agent takes the tools of its lock: those very bytes, by that signer, by name."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from toolreg.agent import AgentPolicy, ScriptedModel, build, open_tools, read_trace
from toolreg.agent.doctor import examine
from toolreg.agent.scripted import code
from toolreg.cli.app import run
from toolreg.errors import ConfigError, UsageError


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an embedded Hub, an agent's project, and a tool `shout` that is published there and locked."""
    place = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        _live_in(place, patch)
        assert run(["new", "agent", "research_agent", "--into", str(place)]) == 0
        assert run(["new", "tool", "shout"]) == 0
        assert run(["publish", "shout.py"]) == 0
        (place / "toolreg.lock").unlink(missing_ok=True)
        patch.chdir(place / "research_agent")
        assert run(["add", "local/shout"]) == 0
    return place


@pytest.fixture
def project(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, in a copy of that world."""
    place = tmp_path / "world"
    shutil.copytree(world, place)
    _live_in(place, monkeypatch)
    monkeypatch.chdir(place / "research_agent")
    return place / "research_agent"


def _live_in(place: Path, patch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        patch.setenv(name, str(place / name))
    for name in ("TOOLREG_MODEL", "TOOLREG_MODEL_KEY"):
        patch.delenv(name, raising=False)
    patch.chdir(place)


def script(folder: Path, *replies: object) -> str:
    path = folder / "replies.json"
    path.write_text(json.dumps(replies))
    return f"scripted:{path}"


def names(folder: Path, policy: AgentPolicy) -> list[str]:
    with build(policy, ScriptedModel(["x"]), folder=folder) as agent:
        return sorted(set(agent.tools) - {"final_answer"})


def test_a_run_takes_what_is_locked(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = script(project, code("final_answer(shout('hello') + str(reading_time('a b')))"))
    capfd.readouterr()
    assert run(["agent", "run", "x", "--model", model]) == 0
    assert capfd.readouterr().out == "HELLO0.0\n"
    (record,) = (project / "runs").iterdir()
    call = next(e for e in read_trace(record).of("call") if e["tool"] == "shout")
    locked = json.loads((project / "toolreg.lock").read_text())["tools"][0]
    assert (call["where"], call["version"]) == ("sandbox", locked["version"])


@pytest.mark.parametrize("name", ["shout", "local/shout", "local/shout@0.1.0", "local/shout@v0.1.0"])
def test_tools_are_named_from_the_lock(project: Path, name: str) -> None:
    version = json.loads((project / "toolreg.lock").read_text())["tools"][0]["version"]
    wanted = name.replace("0.1.0", version)
    assert [tool.name for tool in open_tools([wanted], folder=project)] == ["shout"]
    assert run(["agent", "run", "x", "--tools", wanted, "--model", script(project, code("final_answer(shout('a'))"))]) == 0  # fmt: skip


def test_naming_one_tool_leaves_the_other_locked_ones_out(project: Path) -> None:
    model = script(project, code("final_answer(shout('hello'))"))
    tool = str(project / "tools/reading_time.py")
    assert run(["agent", "run", "x", "--tools", tool, "--model", model, "--max-steps", "1"]) == 1
    assert names(project, AgentPolicy()) == ["shout"]
    assert names(project, AgentPolicy(locked=False)) == []
    assert names(project, AgentPolicy(tools=("tools/", "shout"))) == ["reading_time", "shout"]


def test_another_version_than_the_locked_one_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="holds version"):
        open_tools(["local/shout@9.9.9"], folder=project)


def test_a_lock_that_was_changed_is_refused(project: Path) -> None:
    path = project / "toolreg.lock"
    path.write_text(path.read_text().replace('"name": "shout"', '"name": "shut"'))
    with pytest.raises(ConfigError, match="changed after it was locked"):
        open_tools([], folder=project, locked=True)
    assert run(["agent", "run", "x", "--model", script(project, code("final_answer(1)"))]) == 2


def test_bytes_that_differ_from_the_lock_never_run(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = project.parent
    stored = [p for p in home.rglob("*") if p.is_file() and b"def shout" in p.read_bytes()]
    assert stored
    for path in stored:
        path.chmod(0o644)
        path.write_bytes(path.read_bytes().replace(b"text.upper()", b"text.lower()"))
    model = script(project, code("final_answer(shout('hello'))"))
    capfd.readouterr()
    assert run(["agent", "run", "x", "--model", model]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "a file in the store was changed" in err
    assert not (project / "runs").exists() or not list(project.glob("runs/*/events.jsonl"))


def test_the_doctor_counts_what_is_locked_as_pinned(project: Path) -> None:
    toml = project / "toolreg.toml"
    toml.write_text(toml.read_text().replace('tools = ["tools/"]', 'tools = ["tools/", "local/shout"]'))
    findings = {f.check: f for f in examine(project)}
    assert findings["published tools are pinned"].status == "pass"
    assert findings["every tool is confined"].detail == "2 of 2"
    (project / "toolreg.lock").unlink()
    findings = {f.check: f for f in examine(project)}
    assert findings["published tools are pinned"].status == "warn"


def test_any_mcp_client_is_offered_what_is_locked(project: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "toolreg", "mcp", "serve"],
        cwd=str(project),
        env={name: value for name, value in os.environ.items() if name in ("PATH", "HOME") or "XDG" in name},
    )

    async def talk() -> tuple[set[str], Any]:
        async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            answer = await session.call_tool("shout", {"text": "hello"})
            return {tool.name for tool in tools.tools}, answer.content[0]

    names, answer = asyncio.run(talk())
    assert names == {"reading_time", "shout"}
    assert answer.text == "HELLO"
