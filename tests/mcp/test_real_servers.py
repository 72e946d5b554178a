"""Servers that others wrote, in throwaway environments: PyPI and npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.mcp.bridge import connect, open_link
from toolreg.mcp.link import McpToolError
from toolreg.mcp.lock import Pinned
from toolreg.mcp.spec import ServerSpec

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mcp-servers")]


@pytest.fixture(scope="module")
def python_servers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pypi") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = shutil.which("pip3") or shutil.which("pip")
    if pip is None:
        pytest.skip("no pip here")
    wanted = ["mcp-server-time", "mcp-server-git", "mcp-server-fetch"]
    command = [pip, "--python", str(folder / "bin/python"), "install", "-q", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    if done.returncode:
        pytest.skip(f"no package registry here: {done.stderr[-200:]}")
    return folder / "bin"


@pytest.fixture(scope="module")
def node_servers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here")
    folder = tmp_path_factory.mktemp("npm")
    wanted = ["@modelcontextprotocol/server-filesystem", "@modelcontextprotocol/server-everything"]
    command = [npm, "install", "--no-audit", "--no-fund", "--silent", "--ignore-scripts", *wanted]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=200)
    if done.returncode:
        pytest.skip(f"no package registry here: {done.stderr[-200:]}")
    return folder / "node_modules/.bin"


def test_the_time_server(python_servers: Path) -> None:
    spec = ServerSpec.parse(str(python_servers / "mcp-server-time"))
    with open_link(spec) as link:
        pinned = Pinned(spec, tuple(link.tools()))
    tools, link = connect(pinned)
    with link:
        now = next(t for t in tools if t.name == "get_current_time")
        answer = now(timezone="UTC")
        assert (answer if isinstance(answer, dict) else json.loads(answer))["timezone"] == "UTC"
        assert now.effects == ()
        with pytest.raises(McpToolError, match="Invalid timezone"):
            now(timezone="Nowhere/Land")


def test_the_git_server_sees_the_granted_repository_alone(python_servers: Path, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("no git here")
    repository, other = tmp_path / "repository", tmp_path / "other"
    for folder in (repository, other):
        folder.mkdir()
        run = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com", "-C", str(folder)]
        subprocess.run([*run, "init", "-q"], check=True)
        subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "the beginning"], check=True)
    spec = ServerSpec.parse(str(python_servers / "mcp-server-git"), (f"read: {repository}", "run: git"))
    with open_link(spec) as link:
        assert "the beginning" in str(link.call("git_log", {"repo_path": str(repository)}, 30))
        with pytest.raises(McpToolError):
            link.call("git_log", {"repo_path": str(other)}, 30)


def test_the_fetch_server_has_no_network_unless_granted(python_servers: Path) -> None:
    with (
        open_link(ServerSpec.parse(str(python_servers / "mcp-server-fetch"))) as link,
        pytest.raises(McpToolError, match="connection"),
    ):
        link.call("fetch", {"url": "https://example.com"}, 30)


def test_the_filesystem_server_is_held_to_what_is_granted(node_servers: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    spec = ServerSpec.parse(f"{node_servers / 'mcp-server-filesystem'} /work", ("read: *",))
    with open_link(spec, None, str(tmp_path)) as link:
        tools = {t.name: t for t in link.tools()}
        assert tools["write_file"].annotations["destructiveHint"] is True
        assert "hello" in str(link.call("read_text_file", {"path": "/work/a.txt"}, 30))
        with pytest.raises(McpToolError, match="read-only"):
            link.call("write_file", {"path": "/work/b.txt", "content": "x"}, 30)
    assert not (tmp_path / "b.txt").exists()
    assert spec.reach == (Effect("read", "*"),)


def test_the_everything_server_cannot_leak_the_environment(
    node_servers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    with open_link(ServerSpec.parse(str(node_servers / "mcp-server-everything")), os.environ) as link:
        assert "s3cr3t" not in str(link.call("get-env", {}, 30))
        assert link.call("echo", {"message": "hi"}, 30) == "Echo: hi"
