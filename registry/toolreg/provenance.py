"""Where a tool's file comes from: its path in the author's git repository, the commit, and whether it differs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from dulwich.errors import NotGitRepository
from dulwich.object_store import tree_lookup_path
from dulwich.objects import Blob, Commit
from dulwich.repo import Repo

from toolreg.manifest import model

_SPDX = re.compile(r"^#\s*SPDX-License-Identifier:\s*([\w.+() -]{1,80})$", re.M)


def source_of(path: str, data: bytes) -> model.Source:
    """The provenance of a file with this content; only its name where it stands in no repository.

    dirty: the commit does not hold these very bytes.
    """
    file = Path(path).resolve()
    try:
        repo = Repo.discover(str(file.parent))
    except (NotGitRepository, OSError):
        return model.Source(path=file.name)
    with repo:
        root = Path(repo.path).resolve()
        inside = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
        commit, held = _at_head(repo, inside)
        return model.Source(path=inside, commit=commit, dirty=held != Blob.from_string(data).id)


def licence_of(path: str, text: str) -> str:
    """The licence of a tool's file: its `SPDX-License-Identifier:` line, else its project's; "" if nothing says."""
    stated = _SPDX.search(text)
    if stated:
        return stated[1].strip()
    found = next((p for f in Path(path).resolve().parents if (p := f / "pyproject.toml").is_file()), None)
    if found is None:
        return ""
    try:
        licence = tomllib.loads(found.read_text("utf-8")).get("project", {}).get("license", "")
    except (OSError, ValueError):
        return ""  # the project's file is not what is judged here
    return licence if isinstance(licence, str) else str(licence.get("text", ""))[:80]


def _at_head(repo: Repo, path: str) -> tuple[str, bytes]:
    """The commit that is checked out, and the id of the file in it; empty where there is none."""
    try:
        head = repo[repo.head()]
    except KeyError:
        return "", b""
    assert isinstance(head, Commit)
    try:
        return head.id.decode(), tree_lookup_path(repo.get_object, head.tree, path.encode())[1]
    except KeyError:
        return head.id.decode(), b""
