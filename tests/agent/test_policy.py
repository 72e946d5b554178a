"""toolreg.toml says what an agent may do, and nothing it says is overlooked."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.agent import AgentPolicy, Budget
from toolreg.errors import ConfigError


def policy(folder: Path, text: str) -> AgentPolicy:
    (folder / "toolreg.toml").write_text(text)
    return AgentPolicy.find(folder)


def test_a_policy_is_read(tmp_path: Path) -> None:
    read = policy(
        tmp_path, '[agent]\nkind = "tool-calling"\nimports = ["json"]\ndeadline = 5\ntokens = 100\n'
    )
    assert (read.kind, read.imports) == ("tool-calling", ("json",))
    assert read.budget == Budget(max_steps=12, deadline=5.0, step_timeout=30.0, tokens=100)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert AgentPolicy.find(tmp_path) == AgentPolicy()


def test_a_risky_import_needs_a_reason(tmp_path: Path) -> None:
    text = '[agent]\nimports = ["json", "os.path", "subprocess"]\n'
    assert policy(tmp_path, text).unexplained == ("os.path", "subprocess")
    explained = text + '[agent.reasons]\nsubprocess = "runs make"\n"os.path" = "joins paths"\n'
    assert policy(tmp_path, explained).unexplained == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no table [agent]"),
        ("agent = 1", "no table [agent]"),
        ("[agent", "does not parse"),
        ("[agent]\n[tool]\n", "unknown table 'tool'"),
        ("[agent]\nimport = []\n", "unknown key 'import'"),
        ('[agent]\nkind = "swarm"\n', "unknown kind 'swarm'"),
        ('[agent]\nsandbox = "none"\n', "unknown sandbox 'none'"),
        ("[agent]\nmax_steps = 0\n", "max_steps must be a number above 0"),
        ("[agent]\ndeadline = -1\n", "deadline must be a number above 0"),
        ("[agent]\nmax_steps = true\n", "'max_steps' has a value of the wrong kind"),
        ('[agent]\nimports = "json"\n', "'imports' has a value of the wrong kind"),
        ("[agent]\nimports = [1]\n", "'imports' has a value of the wrong kind"),
        ('[agent]\nallow_trifecta = "yes"\n', "'allow_trifecta' has a value of the wrong kind"),
        ('[agent]\nkind = "' + "hf_" + "A" * 34 + '"\n', "'kind' holds what looks like a key"),
        ("x = " + "[" * 3000, "does not parse"),
    ],
)
def test_a_broken_policy_is_one_clear_error(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        policy(tmp_path, text)
    assert problem in caught.value.message
    assert caught.value.path.endswith("toolreg.toml")


def test_a_policy_that_is_no_text_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "toolreg.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        AgentPolicy.find(tmp_path)
