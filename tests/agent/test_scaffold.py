"""What `toolreg new` writes is right as it stands: offline, without a key."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from toolreg import check
from toolreg.agent.doctor import examine
from toolreg.agent.scaffold import Wish, new_agent, new_tool
from toolreg.errors import ConfigError, UsageError
from toolreg.lint import LintConfig, lint


def test_a_new_tool_passes_lint_and_check(tmp_path: Path) -> None:
    path = new_tool("shout", tmp_path)
    assert not lint([str(path)], LintConfig()).findings
    (judged,) = check([str(path)]).judged
    assert str(judged.verdict.status) == "APPROVED"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "tests"), [("code", "tests"), ("tool-calling", "tests/test_agent.py")])
def test_a_new_agents_own_tests_pass_offline_in_an_empty_home(
    tmp_path: Path, kind: str, tests: str, empty_home: Path
) -> None:
    new_agent(Wish("research_agent", kind), tmp_path)
    folder = tmp_path / "research_agent"
    environment = {"PATH": os.environ["PATH"], "HOME": str(empty_home), "http_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert list(empty_home.iterdir()) == []


def test_the_doctor_passes_a_new_agent(tmp_path: Path) -> None:
    new_agent(Wish("research_agent"), tmp_path)
    findings = examine(tmp_path / "research_agent")
    assert [f for f in findings if f.status not in ("pass", "skip")] == []
    assert len(findings) >= 35


def test_the_doctor_finds_what_is_wrong_with_an_agent(tmp_path: Path) -> None:
    new_agent(Wish("research_agent"), tmp_path)
    folder = tmp_path / "research_agent"
    key = "hf_" + "A" * 34
    (folder / "agent.py").write_text(
        "from smolagents import CodeAgent, tool\n"
        f"KEY = '{key}'\n"
        "@tool\ndef loose(x: str) -> str:\n    '''Loose.\n\n    Args:\n        x: X.\n    '''\n    return x\n"
        "def build_agent(model=None):\n    return CodeAgent([loose], model, verbosity_level=0,\n"
        "        executor_kwargs={'timeout_seconds': 1})\n"
    )
    (folder / "toolreg.toml").write_text('[agent]\nimports = ["os"]\nmax_steps = 1000\n')
    (folder / ".gitignore").unlink()
    failed = {(f.item, f.check) for f in examine(folder) if f.status == "fail"}
    for item, name in (
        ("isolation", "where code runs"),
        ("imports", "risky imports have a reason"),
        ("budgets", "limits are set"),
        ("secrets", "no key is written down"),
        ("secrets", "git ignores .env"),
        ("tools", "every tool is confined"),
        ("workspace", "new for each agent, gone after"),
    ):
        assert (item, name) in failed


def test_an_agent_that_does_not_build_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("raise ValueError('not today')")
    with pytest.raises(ConfigError, match="not today"):
        examine(tmp_path)


def test_the_choices_are_written_into_the_project(tmp_path: Path) -> None:
    wish = Wish(
        "helper", "tool-calling", "docker", "openai:m@http://127.0.0.1:1/v1", ("uvx mcp-server-time",)
    )
    new_agent(wish, tmp_path)
    text = (tmp_path / "helper/toolreg.toml").read_text()
    assert 'kind = "tool-calling"' in text
    assert 'sandbox = "docker"' in text
    assert "toolreg mcp import 'uvx mcp-server-time'\nmcp = []" in text
    assert "smolagents-toolreg[mcp,openai]" in (tmp_path / "helper/requirements.txt").read_text()
    assert (tmp_path / "helper/Dockerfile").exists()


@pytest.mark.parametrize("name", ["", "Big", "with-dash", "../up", "class", "1st", "a", "x_", "match", "ä"])
def test_a_poor_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        new_agent(Wish(name), tmp_path)
    with pytest.raises(UsageError):
        new_tool(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    new_agent(Wish("research_agent"), tmp_path)
    new_tool("shout", tmp_path)
    for again in (lambda: new_agent(Wish("research_agent"), tmp_path), lambda: new_tool("shout", tmp_path)):
        with pytest.raises(UsageError, match="exists already"):
            again()


def test_a_key_does_not_get_into_a_project(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        new_agent(Wish("research_agent", model="openai:sk-" + "a1B2c3D4" * 4), tmp_path)


@pytest.mark.parametrize("what", ["agent", "tool"])
def test_what_cannot_be_written_whole_is_not_written_at_all(tmp_path: Path, what: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))  # like a disk that is full after the first files
    try:
        with pytest.raises(UsageError, match="cannot write"):
            new_agent(Wish("careful"), tmp_path / "a" / "b") if what == "agent" else new_tool("t1", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
