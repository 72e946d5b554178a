"""A project asks for a second signature: nothing is added before somebody else has given it."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.cli.app import run
from toolreg.manifest.keys import open_or_create

TOOL = '''from smolagents import tool


@tool
def shout(text: str) -> str:
    """Give a text back in capital letters.

    Side effects: none

    Args:
        text: Any text, e.g. "hello".

    Returns:
        The same text in capital letters.

    Examples:
        >>> shout("hello")
        'HELLO'
    """
    return text.upper()
'''


@pytest.mark.slow
def test_a_tool_is_added_only_after_its_approval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setenv("HOME", str(tmp_path))
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    (project / "shout.py").write_text(TOOL)
    reviewer, _ = open_or_create(name="reviewer")
    (project / "pyproject.toml").write_text(
        f'[tool.toolreg.policy]\napprovals = 1\nreviewers = ["{reviewer.signer}"]\n'
    )
    assert run(["publish", "shout.py"]) == 0
    capsys.readouterr()
    assert run(["add", "local/shout"]) == 1
    assert "local/shout 1.0.0 has 0 of 1 approvals" in capsys.readouterr().err
    assert run(["approve", "local/shout"]) == 3
    assert "published it yourself" in capsys.readouterr().err
    assert run(["review", "local/shout"]) == 0
    assert "return text.upper()" in capsys.readouterr().out
    assert run(["approve", "local/shout", "--key", "reviewer", "--note", "Read it."]) == 0
    assert run(["add", "local/shout"]) == 0
    assert run(["review", "local/shout"]) == 0
    assert "nothing changed" in capsys.readouterr().out
