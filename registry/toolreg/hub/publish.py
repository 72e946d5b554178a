"""Publish a tool's files as one commit: the old state or the new one, never half of either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from toolreg.errors import Conflict, DigestMismatch, HubError, NotFound, UsageError
from toolreg.hub.blobs import blob_id
from toolreg.hub.client import Hub
from toolreg.hub.faults import Unsure
from toolreg.hub.model import Absent, Remote

MAX_FILES, MAX_FILE, MAX_ALL = 100, 4_000_000, 20_000_000
TRIES = 3
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publish would do: files to write and to remove, on top of a commit ("" for a new repository)."""

    repo_id: str
    head: str
    write: tuple[str, ...]
    remove: tuple[str, ...]
    tag: str
    requests: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return bool(self.write or self.remove or self.tag)


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did. changed: a commit was made. requests: how many were sent."""

    repo_id: str
    changed: bool
    commit: str
    url: str
    requests: int
    tag: str = ""
    created: bool = False
    pull_request: str = ""
    removed: tuple[str, ...] = field(default=())

    @property
    def version(self) -> str:
        return self.tag.removeprefix("v")


def publish(
    files: Mapping[str, bytes],
    repo_id: str,
    hub: Hub,
    version: str | None = None,
    *,
    sdk: str = "static",
    private: bool = False,
    create_pr: bool = False,
    message: str = "",
    seen: Remote | Absent | None = None,
) -> Published:
    """Make a Space hold exactly `files` (path → bytes), in one commit, tagged `v<version>`.

    Nothing to change: nothing is sent but the look. seen: what the caller saw a moment ago, so that
    the first look can be left out; what is written still rests on the commit that was seen. Raises Conflict where somebody else changed it
    meanwhile or the version is taken by other content, DigestMismatch where the Hub did not keep the
    bytes, and other HubErrors; run again after any of them, it does what is missing.
    """
    _check(files, repo_id, version)
    return _Publish(
        files, repo_id, hub, f"v{version}" if version else "", sdk, private, create_pr, message, seen
    ).run()


def plan(files: Mapping[str, bytes], repo_id: str, hub: Hub, version: str | None = None) -> Plan:
    """What `publish` would do, without doing it."""
    _check(files, repo_id, version)
    return _Publish(files, repo_id, hub, f"v{version}" if version else "").plan()


def repo_name(tool: str) -> str:
    """The repository's name of a tool: `city_weather` → `city-weather`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", tool).strip("-")


@dataclass(slots=True)
class _Publish:
    files: Mapping[str, bytes]
    repo_id: str
    hub: Hub
    tag: str
    sdk: str = "static"
    private: bool = False
    create_pr: bool = False
    message: str = ""
    seen: Remote | Absent | None = None

    def run(self) -> Published:
        hub, self.hub = self.hub, replace(self.hub, requests=0)  # so that those of others do not count here
        try:
            return self._run()
        finally:
            hub.add_requests(self.hub.requests)

    def _run(self) -> Published:
        head = self._head()
        created = head is None
        if head is None:
            head = self._create()
        taken = {} if created or not self.tag else self.hub.tags(self.repo_id)
        self._version_is_free(head, taken)
        removed = tuple(sorted(head.files.keys() - self.files.keys()))
        commit, pull_request = (head.commit, "") if self._holds(head) else self._commit(head)
        if not pull_request and self.tag and taken.get(self.tag) is None:
            self._set_tag(commit)
        if self.hub.cache is not None:
            for data in self.files.values():
                self.hub.cache.put(data)
        return Published(
            repo_id=self.repo_id,
            changed=commit != head.commit,
            commit=commit,
            url=self.hub.url(self.repo_id),
            requests=self.hub.requests,
            tag=self.tag,
            created=created,
            pull_request=pull_request,
            removed=() if commit == head.commit else removed,
        )

    def plan(self) -> Plan:
        head = self._head()
        taken = {} if head is None or not self.tag else self.hub.tags(self.repo_id)
        if head is None:
            requests = ["create", "read", "commit", "read", *(["tag"] if self.tag else [])]
            return Plan(self.repo_id, "", tuple(sorted(self.files)), (), self.tag, tuple(requests))
        self._version_is_free(head, taken)
        write = tuple(sorted(p for p, d in self.files.items() if head.blobs.get(p) != blob_id(d)))
        remove = tuple(sorted(head.files.keys() - self.files.keys()))
        tag = "" if self.tag in taken else self.tag
        requests = [*(["commit", "read"] if write or remove else []), *(["tag"] if tag else [])]
        return Plan(self.repo_id, head.commit, write, remove, tag, tuple(requests))

    def _head(self) -> Remote | None:
        if self.seen is not None:
            return self.seen if isinstance(self.seen, Remote) else None
        try:
            return self.hub.read(self.repo_id)
        except NotFound:
            return None

    def _create(self) -> Remote:
        self.hub.create(self.repo_id, sdk=self.sdk, private=self.private)
        return self.hub.read(self.repo_id)

    def _holds(self, remote: Remote) -> bool:
        return remote.blobs == {path: blob_id(data) for path, data in self.files.items()}

    def _version_is_free(self, head: Remote, taken: Mapping[str, str]) -> None:
        """Looked at before anything is written: a version, once published, keeps its content."""
        at = taken.get(self.tag)
        if at is None or (at == head.commit and self._holds(head)):
            return
        if not self._holds(self.hub.read(self.repo_id, at)):
            raise Conflict(
                f"{self.repo_id} {self.tag} is already published with other content",
                hint="raise the version; a published version never changes",
            )

    def _commit(self, head: Remote) -> tuple[str, str]:
        """Commit on top of `head`, and look whether it is there. Never sent twice without looking."""
        seen, last = head, HubError(f"cannot publish {self.repo_id}")
        for _ in range(TRIES):
            try:
                commit, pull_request = self._send(seen)
            except (Conflict, Unsure) as error:
                if self.create_pr:
                    raise
                last = error
                seen = self._look_again(seen, head)
                if self._holds(seen):
                    return seen.commit, ""
                continue
            self._read_back(f"refs/pr/{pull_request.rsplit('/', 1)[-1]}" if pull_request else commit)
            return commit, pull_request
        raise last

    def _send(self, head: Remote) -> tuple[str, str]:
        changed = {p: d for p, d in self.files.items() if head.blobs.get(p) != blob_id(d)}
        gone = sorted(head.files.keys() - self.files.keys())
        message = self.message or f"Publish {self.repo_id.partition('/')[2]} {self.tag}".strip()
        return self.hub.commit(
            self.repo_id, changed, gone, message=message, parent=head.commit, create_pr=self.create_pr
        )

    def _look_again(self, seen: Remote, first: Remote) -> Remote:
        """Where the repository is now; another's change to our files is not written over."""
        now = self.hub.read(self.repo_id)
        ours = self.files.keys() | first.files.keys()
        moved = sorted(p for p in ours if now.blobs.get(p) != seen.blobs.get(p))
        if moved and not self._holds(now):
            raise Conflict(
                f"{self.repo_id} was changed by somebody else meanwhile: {', '.join(moved)}",
                hint="look at what they published, then run the same command again",
            )
        return now

    def _read_back(self, revision: str) -> None:
        remote = self.hub.read(self.repo_id, revision)
        if not self._holds(remote):
            want = {path: blob_id(data) for path, data in self.files.items()}
            odd = sorted(p for p in want.keys() | remote.files.keys() if want.get(p) != remote.blobs.get(p))
            raise DigestMismatch(
                f"{self.repo_id} at {remote.commit[:12]} does not hold what was sent: {', '.join(odd)}",
                hint="do not use this commit; publish again",
            )

    def _set_tag(self, commit: str) -> None:
        for _ in range(TRIES):
            try:
                self.hub.tag(self.repo_id, self.tag, commit)
                return
            except (Conflict, Unsure) as error:
                last = error
            at = self.hub.tags(self.repo_id).get(self.tag)
            if at == commit or (at is not None and self._holds(self.hub.read(self.repo_id, at))):
                return
            if at is not None:
                raise Conflict(
                    f"{self.repo_id} {self.tag} was published by somebody else meanwhile",
                    hint="raise the version and publish again",
                ) from last
        raise last


def require_version(version: str | None) -> None:
    """Raises UsageError for a text that is no semantic version."""
    if version is not None and not _VERSION.fullmatch(version):
        raise UsageError(f"'{version}' is no version", hint="write MAJOR.MINOR.PATCH, e.g. 1.0.0")


def _check(files: Mapping[str, bytes], repo_id: str, version: str | None) -> None:
    """Refuse, before any request, what a Hub would not keep or nobody could load."""
    if repo_id.count("/") != 1:
        raise UsageError(f"'{repo_id}' is no repository", hint="write NAMESPACE/NAME")
    require_version(version)
    if not files:
        raise UsageError("nothing to publish", hint="a publish needs at least tool.py")
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_ALL:
        most = f"{MAX_FILES} files or {MAX_ALL // 1_000_000} MB"
        raise UsageError(f"more than {most}", hint="a tool is small; leave data out")
    for path, data in files.items():
        problem = path_problem(path) or _data_problem(data)
        if problem:
            raise UsageError(f"'{path}' cannot be published: {problem}")
    clash = case_clash(files)
    if clash:
        raise UsageError(
            f"'{clash[0]}' and '{clash[1]}' are one file on some machines", hint="rename one of them"
        )


def path_problem(path: str) -> str:
    """Why a path may not stand in a repository of ours; "" if it may."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or re.match(r"[A-Za-z]:", path):
        return "not a plain relative path"
    if any(part.lower() == ".git" for part in parts):
        return "a name of git's own"
    if any(unicodedata.category(c)[0] == "C" for c in path) or len(path) > 240:
        return "a control character in its name, or too long"
    return ""


def case_clash(paths: Mapping[str, object]) -> tuple[str, str] | None:
    """Two paths that are one where case or the spelling of accents does not count."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        key = unicodedata.normalize("NFC", path).casefold()
        if key in seen:
            return seen[key], path
        seen[key] = path
    return None


def _data_problem(data: bytes) -> str:
    if len(data) > MAX_FILE:
        return f"larger than {MAX_FILE // 1_000_000} MB"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8 text"
    return "a null byte in it" if b"\0" in data else ""
