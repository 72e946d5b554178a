"""Where a tool's file comes from: its path in the author's git repository, the commit, and whether it differs."""

from __future__ import annotations

from pathlib import Path

from dulwich.errors import NotGitRepository
from dulwich.object_store import tree_lookup_path
from dulwich.objects import Blob
from dulwich.repo import Repo

from toolreg.manifest import model


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
        inside = (
            file.relative_to(Path(repo.path).resolve()).as_posix()
            if file.is_relative_to(Path(repo.path).resolve())
            else file.name
        )
        try:
            commit = repo.head()
            _, held = tree_lookup_path(repo.get_object, repo[commit].tree, inside.encode())
        except KeyError:
            held = None
            commit = b"" if not repo.refs.allkeys() else _head_or_nothing(repo)
        return model.Source(path=inside, commit=commit.decode(), dirty=held != Blob.from_string(data).id)


def _head_or_nothing(repo: Repo) -> bytes:
    try:
        return repo.head()
    except KeyError:
        return b""
