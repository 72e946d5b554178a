"""`toolreg hub …`, `toolreg search` and `toolreg index update`, as a person types them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server import running

TOOLREG = Path(sys.executable).parent / "toolreg"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


@pytest.fixture
def run(home: dict[str, str]) -> Run:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(TOOLREG), *arguments]
        return subprocess.run(
            command, env=home, cwd=home["HOME"], capture_output=True, text=True, timeout=120
        )

    return call


@pytest.fixture
def stocked(home: dict[str, str], files: dict[str, bytes]) -> None:
    with running(Path(home["HOME"]) / ".local/share/toolreg/hub") as endpoint:
        publish(files, "local/word-count", Hub(endpoint), "1.0.0")


def test_a_served_hub_is_a_hub_and_ends_with_an_interrupt(
    home: dict[str, str], files: dict[str, bytes], tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(TOOLREG), "hub", "serve", "--port", str(port), "--root", str(tmp_path / "root")]
    child = subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        hub = Hub(f"http://127.0.0.1:{port}")
        assert publish(files, "ann/word-count", hub, "1.0.0").created
    finally:
        child.send_signal(signal.SIGINT)
        output, errors = child.communicate(timeout=30)
    assert (child.returncode, output) == (130, "")
    assert f"at http://127.0.0.1:{port}" in errors
    assert "Traceback" not in errors


def test_a_hub_for_others_needs_users(run: Run) -> None:
    refused = run("hub", "serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.returncode, "everybody could publish" in refused.stderr) == (2, True)
    token = run("hub", "user-add", "ann", "--org", "acme").stdout.strip()
    listed = run("hub", "user-list").stdout
    assert json.loads(listed) == [{"name": "ann", "organizations": ["acme"], "role": "write"}]
    assert token.startswith("hf_")
    assert token not in listed
    assert run("hub", "user-remove", "ann").returncode == 0
    gone = run("hub", "user-remove", "ann")
    assert (gone.returncode, "no user 'ann'" in gone.stderr) == (3, True)


@pytest.mark.usefixtures("stocked")
def test_a_search_finds_what_was_published(run: Run) -> None:
    done = run("search", "count", "words", "--explain")
    assert done.stdout.splitlines()[0] == "local/word-count"
    assert "effects none  returns integer" in done.stdout
    assert "'count' in its name +8" in done.stdout
    (row,) = json.loads(run("search", "words", "--without", "net", "--format", "json").stdout)
    assert (row["repo_id"], row["effects"], row["verdict"]) == ("local/word-count", [], "")
    assert run("search", "snow").stdout == "nothing found\n"
    assert run("search", "--verified").stdout == "nothing found\n"


def test_a_search_of_a_large_hub_wants_an_index(
    run: Run, endpoint: str, hub: Hub, files: dict[str, bytes]
) -> None:
    publish(files, "local/word-count", hub, "1.0.0")
    without = run("search", "--to", endpoint, "words")
    assert (without.returncode, "toolreg index update" in without.stderr) == (3, True)
    built = json.loads(run("index", "update", "--to", endpoint, "--format", "json").stdout)
    assert (built["tools"], built["read"], built["failed"]) == (1, 1, 0)
    assert run("search", "--to", endpoint, "words").stdout.startswith("local/word-count")
    narrowed = run("search", "--to", endpoint, "--author", "local", "words")
    assert narrowed.stdout.startswith("local/word-count")


@pytest.mark.parametrize("arguments", [["--effect", "fly:moon"], ["--limit", "0"], ["--to", "elsewhere"]])
def test_a_question_that_makes_no_sense_is_one_line(run: Run, arguments: list[str]) -> None:
    done = run("search", *arguments)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_a_hub_that_is_not_there_is_said_in_one_line(run: Run) -> None:
    done = run("search", "--to", "http://127.0.0.1:9", "--author", "x", "words")
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be reached" in done.stderr


def test_the_served_list_is_json(endpoint: str) -> None:
    assert httpx2.get(f"{endpoint}/api/spaces").json() == []


def test_a_hub_with_users_takes_what_their_token_brings(run: Run, home: dict[str, str]) -> None:
    token = run("hub", "user-add", "ann").stdout.strip()
    tool = Path(__file__).parents[2] / "tools/word_count.py"
    with running(Path(home["HOME"]) / ".local/share/toolreg/hub") as endpoint:
        publish = ("publish", str(tool), "--to", endpoint)
        nobody = run(*publish)
        assert (nobody.returncode, nobody.stderr.splitlines()) == (
            3,
            [
                f"error: nobody is logged in at {endpoint}",
                "hint: its token in TOOLREG_HUB_TOKEN, or name a --namespace",
            ],
        )
        home["TOOLREG_HUB_TOKEN"] = "hf_wrong"
        assert run(*publish).returncode == 3
        home["TOOLREG_HUB_TOKEN"] = token
        done = run(*publish)
        assert (done.returncode, "ann/word-count" in done.stdout) == (0, True), done.stderr
        assert Hub(endpoint, token).read("ann/word-count").files


def test_without_a_loopback_interface_the_local_hub_says_what_it_needs(home: dict[str, str]) -> None:
    command = ["unshare", "--user", "--map-root-user", "--net", str(TOOLREG), "search", "x"]
    if subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", "true"], capture_output=True
    ).returncode:
        pytest.skip("no namespaces here")
    done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=120)
    assert (done.returncode, "the loopback interface" in done.stderr) == (3, True)
