"""Every request of a publish fails once in every way: the repository is the old state or the new one.

`pytest -s tests/hub/test_faults.py` prints the matrix: what a publish did with each fault by itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import huggingface_hub
import pytest
from tests.hub.proxy import FAULTS, Proxy, proxied

from toolreg.errors import HubError, NotFound, ToolregError
from toolreg.hub import transport
from toolreg.hub.blobs import blob_id
from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server import running
from toolreg.hub.server.store import Store, UnknownRepository

STEPS = {
    "new": ("read", "create", "read", "commit", "read", "tag"),
    "update": ("read", "tags", "commit", "read", "tag"),
}
SEED = {".gitattributes", "README.md", "index.html", "style.css"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults") / "hub"


@pytest.fixture(scope="module")
def proxy(root: Path) -> Iterator[Proxy]:
    with running(root) as endpoint, proxied(endpoint) as it:
        yield it


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A silent Hub is given half a second here."""
    monkeypatch.setattr(transport, "TIMEOUT", httpx2.Timeout(0.5))
    huggingface_hub.close_session()
    yield
    huggingface_hub.close_session()


def files_of(version: str) -> dict[str, bytes]:
    card = b"---\ntitle: w\nsdk: static\ntags: [smolagents, tool]\n---\n"
    return {"tool.py": b"VERSION = '%s'\n" % version.encode(), "README.md": card, "toolreg.json": b"{}\n"}


def state(root: Path, repo_id: str) -> str:
    """absent, seed, 1.0.0, 1.1.0, or what is neither."""
    try:
        repository = Store(root).open(repo_id)
    except UnknownRepository:
        return "absent"
    blobs = {e.path: e.oid for e in repository.entries(repository.resolve("main"))}
    for version in ("1.0.0", "1.1.0"):
        if blobs == {p: blob_id(d) for p, d in files_of(version).items()}:
            return version
    return "seed" if set(blobs) == SEED else f"half: {sorted(blobs)}"


def published(root: Path, repo_id: str) -> int:
    """Commits after the first."""
    repository = Store(root).open(repo_id)
    return len(repository.history(repository.resolve("main"))) - 1


def begin(kind: str, proxy: Proxy, repo_id: str) -> tuple[str, dict[str, bytes], set[str]]:
    """The version to publish, its files, and the states that are allowed on the way."""
    if kind == "new":
        return "1.0.0", files_of("1.0.0"), {"absent", "seed", "1.0.0"}
    publish(files_of("1.0.0"), repo_id, Hub(proxy.url), "1.0.0")
    return "1.1.0", files_of("1.1.0"), {"1.0.0", "1.1.0"}


def finish(root: Path, proxy: Proxy, repo_id: str, version: str) -> None:
    """Run again, undisturbed: the new state, in one commit, tagged."""
    proxy.heal()
    done = publish(files_of(version), repo_id, Hub(proxy.url), version)
    assert state(root, repo_id) == version
    assert published(root, repo_id) == (2 if version == "1.1.0" else 1)
    assert Hub(proxy.url).tags(repo_id)[f"v{version}"] == done.commit
    again = publish(files_of(version), repo_id, Hub(proxy.url), version)
    assert (again.changed, again.commit) == (False, done.commit)


# An update meets the same code as a new tool; its whole half of the matrix runs with the slow tests.
UNSURE = ("reset after", "500 after", "truncated after")
CASES = [pytest.param("new", fault) for fault in FAULTS]
CASES += [pytest.param("update", f, marks=() if f in UNSURE else pytest.mark.slow) for f in FAULTS]


@pytest.mark.parametrize(("kind", "fault"), CASES)
def test_a_publish_that_fails_at_any_request_is_mended_by_running_it_again(
    kind: str, fault: str, proxy: Proxy, root: Path
) -> None:
    row = []
    for step, name in enumerate(STEPS[kind], 1):
        repo_id = f"local/{kind}-{''.join(c if c.isalnum() else '-' for c in fault)}-{step}"
        version, files, allowed = begin(kind, proxy, repo_id)
        proxy.arm(step, fault)
        try:
            publish(files, repo_id, Hub(proxy.url, patience=2), version)
            result = "done"
        except ToolregError as error:
            result = type(error).__name__ + ("!" if "\n" in str(error) else "")
        assert len(proxy.seen) >= step - (fault == "refused"), "the fault was never met"
        proxy.heal()
        assert state(root, repo_id) in allowed
        assert "!" not in result, "an error of more than one line"
        row.append(f"{name}: {result}")
        finish(root, proxy, repo_id, version)
    print(f"\n{kind:<7}{fault:<20}" + " · ".join(row), end="")


PUBLISHER = """
import sys
from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
sys.path.insert(0, sys.argv[4])
card = b"---\\ntitle: w\\nsdk: static\\ntags: [smolagents, tool]\\n---\\n"
files = {"tool.py": b"VERSION = '%s'\\n" % sys.argv[3].encode(), "README.md": card, "toolreg.json": b"{}\\n"}
publish(files, sys.argv[2], Hub(sys.argv[1]), sys.argv[3])
"""


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("kind", STEPS)
def test_a_publisher_killed_at_any_request_leaves_the_old_state_or_the_new(
    kind: str, place: str, proxy: Proxy, root: Path, tmp_path: Path
) -> None:
    row = []
    for step, name in enumerate(STEPS[kind], 1):
        repo_id = f"local/{kind}-kill-{place}-{step}"
        version, _, allowed = begin(kind, proxy, repo_id)
        killed = threading.Event()
        holder: list[subprocess.Popen[bytes]] = []

        def kill(
            _: str, holder: list[subprocess.Popen[bytes]] = holder, killed: threading.Event = killed
        ) -> None:
            os.kill(holder[0].pid, signal.SIGKILL)
            killed.set()

        proxy.arm(step, f"kill {place}", kill)
        holder.append(
            subprocess.Popen([sys.executable, "-c", PUBLISHER, proxy.url, repo_id, version, str(tmp_path)])
        )
        assert holder[0].wait(60) == -signal.SIGKILL
        assert killed.wait(10)
        assert state(root, repo_id) in allowed
        row.append(f"{name}: {state(root, repo_id)}")
        finish(root, proxy, repo_id, version)
    print(f"\n{kind:<7}{'killed ' + place:<20}" + " · ".join(row), end="")


def test_the_faults_are_noticed_where_nothing_is_there(proxy: Proxy) -> None:
    proxy.heal()
    with pytest.raises(NotFound):
        Hub(proxy.url).read("local/none")
    proxy.arm(1, "500")
    with pytest.raises(HubError):
        Hub(proxy.url).commit("local/none", {"a": b""}, [], message="m", parent="0" * 40)
    proxy.heal()
