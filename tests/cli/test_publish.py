"""`toolreg publish`, `search` and `run`: from the author's file to a call of what was published."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.hub.server import running

ROOT = Path(__file__).parent.parent.parent
PAIR = ("tools/word_count.py", "tools/save_note.py")


def statuses(report: str) -> dict[str, str]:
    return {p["tool"]: p["status"] for p in json.loads(report)["published"]}


@pytest.mark.slow
def test_the_demo_runs_twice_and_the_second_time_nothing_changed(home: Path) -> None:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    toolreg = Path(sys.executable).parent / "toolreg"
    runs = [
        subprocess.run(
            [ROOT / "scripts/demo.sh", toolreg],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=250,
        )
        for _ in range(2)
    ]
    for run in runs:
        assert run.returncode == 0, run.stdout + run.stderr
        assert '"rows": 4' in run.stdout
    assert "6 published." in runs[0].stdout
    assert "Nothing changed." in runs[1].stdout


@pytest.mark.usefixtures("tools")
def test_what_is_published_is_found_loaded_and_called(toolreg: Callable, tmp_path: Path) -> None:
    done = toolreg("publish", *PAIR, "--format", "json")
    assert done.code == 0, done.err
    assert statuses(done.out) == {"word_count": "published", "save_note": "published"}
    found = json.loads(toolreg("search", "note", "--format", "json").out)
    assert [row["repo_id"] for row in found] == ["local/save-note"]
    run = toolreg("run", "local/save-note", "path=n.md", "text=hello", "--format", "json")
    answer = json.loads(run.out)
    assert (run.code, answer["result"]) == (0, "n.md: 6 characters written")
    assert answer["effects"]["granted"] == answer["effects"]["used"] == ["write:n.md"]
    assert (tmp_path / "n.md").read_text() == "hello\n"


@pytest.mark.usefixtures("tools")
def test_an_unchanged_tool_is_not_published_again(toolreg: Callable) -> None:
    toolreg("publish", PAIR[0])
    again = toolreg("publish", PAIR[0])
    assert (again.code, "Nothing changed." in again.out) == (0, True)


@pytest.mark.usefixtures("tools")
def test_a_dry_run_publishes_nothing(toolreg: Callable) -> None:
    done = toolreg("publish", PAIR[0], "--dry-run")
    assert (done.code, "planned" in done.out, "write tool.py" in done.out) == (0, True, True)
    assert "requests: create, read, commit" in done.out
    assert "+def word_count(text: str, top: int = 5) -> dict:" in done.out
    assert json.loads(toolreg("search", "--format", "json").out) == []


def test_a_new_effect_raises_the_major_version(toolreg: Callable, tools: Path) -> None:
    toolreg("publish", PAIR[0])
    path = tools / "word_count.py"
    text = path.read_text().replace("Side effects: none", "Side effects:\n        read: words.txt")
    path.write_text(
        text.replace("    words = [", '    if top == 99:\n        open("words.txt").close()\n    words = [')
    )
    small = toolreg("publish", PAIR[0], "--version", "1.0.1")
    assert small.code != 0
    assert "2.0.0" in small.out
    done = toolreg("publish", PAIR[0], "--format", "json")
    assert json.loads(done.out)["published"][0]["version"] == "2.0.0", done.out


def test_a_refused_tool_does_not_stop_the_others_and_is_not_published(toolreg: Callable, tools: Path) -> None:
    note = tools / "save_note.py"
    note.write_text(
        note.read_text().replace("    note = text", '    open("/etc/passwd").close()\n    note = text')
    )
    done = toolreg("publish", *PAIR, "--format", "json")
    assert done.code == 1
    assert statuses(done.out) == {"word_count": "published", "save_note": "refused"}
    assert [row["repo_id"] for row in json.loads(toolreg("search", "--format", "json").out)] == [
        "local/word-count"
    ]


@pytest.mark.slow
def test_stock_smolagents_loads_and_runs_what_was_published(
    toolreg: Callable, tools: Path, home: Path
) -> None:
    toolreg("publish", PAIR[0], "tools/sql_query.py")
    code = (
        "from smolagents import load_tool\n"
        "count = load_tool('local/word-count', trust_remote_code=True)\n"
        "print(count(text='To be, or not to be.', top=1)['top'])\n"
        "query = load_tool('local/sql-query', trust_remote_code=True)\n"
        "print(query.inputs['limit']['nullable'], query(path='tools/sql_query.files/shop.db', query='SELECT 1')['rows'])\n"
    )
    with running(home / ".local/share/toolreg/hub") as endpoint:
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "HF_ENDPOINT": endpoint,
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=tools.parent, env=environment, capture_output=True, text=True, timeout=120
        )
    assert done.stdout.splitlines() == ["[['be', 2]]", "True [[1]]"], done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("run", "tools/word_count.py"), 2, "argument 'text' is missing"),
        (("run", "tools/word_count.py", "words=1"), 2, "no argument 'words'"),
        (("run", "tools/word_count.py", "text"), 2, "is no key=value"),
        (("run", "tools/word_count.py", "text=a", "top=many"), 2, "takes integer"),
        (("run", "tools/word_count.py:other", "text=a"), 2, "no tool 'other'"),
        (("run", "nowhere.py", "text=a"), 3, "no such file"),
        (("run", "local/nothing", "text=a"), 3, "local/nothing"),
        (("run", "tools/word_count.py", "text=a", "--workspace", "nowhere"), 2, "is no folder"),
        (("publish", "tools/word_count.py", "--to", "nowhere"), 2, "unknown target 'nowhere'"),
        (("publish", "tools/word_count.py", "--version", "one"), 2, "version"),
        (("publish", "tools/word_count.py", "--to", "http://127.0.0.1:9"), 3, "127.0.0.1:9"),
        (("check", "tools", "--tier", "D"), 2, "no sandbox tier 'D'"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("tools")
def test_a_wrong_command_line_is_one_line_and_a_hint(
    toolreg: Callable, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = toolreg(*arguments)
    assert says in done.err + done.out
    assert "hint: " in done.err + done.out
    assert done.code == code


def test_a_tool_is_called_under_its_declared_effects_only(
    toolreg: Callable, write_tool: Callable, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    path = write_tool('return open("secret.txt").read()')
    done = toolreg("run", path.name, "text=a", "--format", "json")
    answer = json.loads(done.out)
    assert done.code == 1
    assert answer["result"] is None
    assert "secret.txt" in answer["error"]
    assert answer["effects"]["beyond"] == ["read:secret.txt"]
