from __future__ import annotations

import stat
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.repo import Repo

from toolreg.errors import NotAllowed, NotFound
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.publish import publish

REPO = "local/word-count"


def test_what_was_published_is_fetched_byte_for_byte(hub: Hub, files: dict[str, bytes]) -> None:
    done = publish(files, REPO, hub, "1.0.0")
    for revision in (None, "main", "v1.0.0", done.commit):
        got = fetch(hub, REPO, revision)
        assert (got.commit, dict(got.files)) == (done.commit, files)


def test_an_unknown_revision_is_not_found(hub: Hub, files: dict[str, bytes]) -> None:
    publish(files, REPO, hub)
    with pytest.raises(NotFound, match="no such revision"):
        fetch(hub, REPO, "v9.9.9")


def put(root: Path, entries: list[tuple[str, int, bytes]]) -> None:
    """Commit a tree that the Hub's own API would refuse."""
    with Repo(str(root / "spaces" / REPO)) as git:
        tree = Tree()
        for name, mode, data in entries:
            blob = Blob.from_string(data)
            git.object_store.add_object(blob)
            tree.add(name.encode(), mode, blob.id)
        git.object_store.add_object(tree)
        commit = Commit()
        commit.tree, commit.parents = tree.id, [ObjectID(git.refs[b"refs/heads/main"])]
        commit.author = commit.committer = b"a <a@b>"
        commit.author_time = commit.commit_time = 1
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = b"odd"
        git.object_store.add_object(commit)
        git.refs[b"refs/heads/main"] = commit.id


PLAIN = stat.S_IFREG | 0o644


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("tool.py", stat.S_IFLNK, b"/etc/passwd")], "no plain file"),
        ([("a.py", PLAIN, b"1"), ("A.py", PLAIN, b"2")], "one file on some machines"),
        ([("..", PLAIN, b"1")], "not a plain relative path"),
        ([(".GIT", PLAIN, b"1")], "git's own"),
        ([("a\nb", PLAIN, b"1")], "control character"),
        ([(f"f{n}", PLAIN, b"1") for n in range(101)], "more than a tool does"),
        ([("big", PLAIN, b"1" * 4_000_001)], "too large"),
    ],
)
def test_a_repository_that_no_tool_needs_is_refused(
    hub: Hub, files: dict[str, bytes], root: Path, entries: list[tuple[str, int, bytes]], words: str
) -> None:
    publish(files, REPO, hub)
    put(root, entries)
    with pytest.raises(NotAllowed, match=words):
        fetch(hub, REPO)
