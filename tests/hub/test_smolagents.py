"""Plain smolagents, in a process of its own, against the embedded Hub."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server.store import Store


def python(script: str, endpoint: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": endpoint,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_TOKEN": "hf_anything",
    }
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=home, capture_output=True, text=True, timeout=240
    )


def test_plain_smolagents_loads_and_runs_what_was_published(
    hub: Hub, files: dict[str, bytes], tmp_path: Path
) -> None:
    publish(files, "local/word-count", hub, "1.0.0")
    done = python(
        "import smolagents\n"
        "tool = smolagents.load_tool('local/word-count', trust_remote_code=True)\n"
        "print(tool.name, tool('one two three'))\n",
        hub.endpoint,
        tmp_path,
    )
    assert done.stdout == "word_count 3\n", done.stderr


PUSH = """
from smolagents import Tool, load_tool

class Doubler(Tool):
    name = "doubler"
    description = "Double a number."
    inputs = {"number": {"type": "integer", "description": "Any number."}}
    output_type = "integer"

    def forward(self, number: int) -> int:
        return number * 2

Doubler().push_to_hub("local/doubler", token="hf_anything")
Doubler().push_to_hub("local/doubler", token="hf_anything")
"""


def test_smolagents_own_push_works_and_what_it_pushed_loads(
    endpoint: str, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "push.py").write_text(PUSH)
    pushed = python("import runpy; runpy.run_path('push.py')", endpoint, tmp_path)
    assert pushed.returncode == 0, pushed.stderr
    repository = Store(root).open("local/doubler")
    names = [entry.path for entry in repository.entries(repository.resolve("main"))]
    assert set(names) >= {"README.md", "app.py", "requirements.txt", "tool.py"}
    loaded = python(
        "import smolagents\nprint(smolagents.load_tool('local/doubler', trust_remote_code=True)(21))\n",
        endpoint,
        tmp_path,
    )
    assert loaded.stdout == "42\n", loaded.stderr


@pytest.mark.parametrize("revision", ["v1.0.0", None])
def test_a_tool_is_loaded_at_its_tag(
    hub: Hub, files: dict[str, bytes], tmp_path: Path, revision: str | None
) -> None:
    first = publish(files, "local/word-count", hub, "1.0.0")
    publish(
        {**files, "tool.py": files["tool.py"].replace(b"split()", b"split('-')")},
        "local/word-count",
        hub,
        "1.1.0",
    )
    done = python(
        "from huggingface_hub import hf_hub_download\n"
        f"print(hf_hub_download('local/word-count', 'tool.py', repo_type='space', revision={revision!r}))\n",
        hub.endpoint,
        tmp_path,
    )
    path = Path(done.stdout.strip())
    assert (path.parent.name == first.commit) == (revision is not None), done.stderr
