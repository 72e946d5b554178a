"""A plain smolagents tool, without a manifest, is judged here before it is locked."""

from __future__ import annotations

import json

import pytest

from toolreg.cli import add, key, update, verify
from toolreg.errors import GOOD, REFUSED, NotAllowed
from toolreg.hub.publish import publish
from toolreg.hub.targets import opened
from toolreg.load import Ref
from toolreg.load.plain import check_plain
from toolreg.manifest import Anyone, examine
from toolreg.manifest.keys import new_key

GOOD_TOOL = b'''from smolagents import Tool


class WordCountTool(Tool):
    """Count the words of a text.

    Side effects: none

    Args:
        text: Any text.

    Returns:
        How many words it has.

    Examples:
        >>> word_count("to be or not")
        4
    """

    name = "word_count"
    description = "Count the words of a text."
    inputs = {"text": {"type": "string", "description": "Any text."}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split())
'''
PLAIN = {
    "tool.py": GOOD_TOOL,
    "app.py": b"import os\n",
    "requirements.txt": b"smolagents\n",
    "README.md": b"# Words\n",
}


class Fetched:
    commit = "a" * 40

    def __init__(self, files):
        self.files = files


def test_a_good_plain_tool_gets_a_manifest_that_says_locally_checked():
    mine = new_key()
    files = check_plain(Ref("acme/words"), Fetched(PLAIN), mine)
    verified = examine(files, Anyone(), repository="acme/words")
    assert verified.manifest.predicate.origin == "locally checked"
    assert verified.manifest.predicate.source.commit == "a" * 40
    assert verified.signer == mine.signer
    assert "app.py" not in verified.files


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"Side effects: none", b"Side note: none"), "checked here it is"),
        (
            (b"return len(text.split())", b"open('/etc/passwd').read()\n        return len(text.split())"),
            "BLOCKED",
        ),
        ((b"class WordCountTool", b"class (WordCountTool"), "cannot be checked here"),
        ((GOOD_TOOL, b"x = 1\n"), "no tool in it"),
    ],
)
def test_what_is_not_approved_here_is_not_locked(change, says):
    code = GOOD_TOOL.replace(*change)
    with pytest.raises(NotAllowed, match=says) as caught:
        check_plain(Ref("acme/words"), Fetched({**PLAIN, "tool.py": code}), new_key())
    assert caught.value.hint


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(files):
    with opened("local") as hub:
        return publish(files, "local/words", hub)


def test_it_is_added_verified_offline_and_updated_like_any_other(home, capsys):
    put(PLAIN)
    assert add.add(["local/words"], no_check=True) == REFUSED
    assert add.add(["local/words"]) == GOOD
    assert "locally checked" in capsys.readouterr().out
    assert json.loads((home / "toolreg.lock").read_text())["tools"][0]["origin"] == "locally checked"
    assert verify.verify(offline=True) == GOOD
    assert update.update() == GOOD
    assert "1 already the newest" in capsys.readouterr().out
    put({**PLAIN, "tool.py": GOOD_TOOL.replace(b"Count the words of a text.", b"Count the words.")})
    assert update.update(yes=True, accept_more=True) == GOOD
    assert "1 taken" in capsys.readouterr().out
    assert verify.verify(offline=True) == GOOD


def test_a_manifest_taken_away_is_no_plain_tool(home):  # noqa: ARG001
    put(PLAIN)
    key.trust("local", str(new_key().signer))
    assert add.add(["local/words"]) == REFUSED
