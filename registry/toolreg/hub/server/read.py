"""What a Hub tells of one repository: info, tree, paths, files, refs, history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.responses import Response

from toolreg.hub.server.describe import describe, iso
from toolreg.hub.server.http import Call, Refusal, file_json, reply
from toolreg.hub.server.repository import Repository
from toolreg.hub.server.values import CommitLine, Entry, UnknownEntry, UnknownRevision

PAGE = 1000
MAX_PATHS = 1000


def info(call: Call) -> Response:
    """GET /api/spaces/{id}[/revision/{rev}]"""
    repository = call.repository()
    commit = revision_of(call, repository)
    expand = call.query.getlist("expand") or call.query.getlist("expand[]")
    return reply(describe(repository, commit, expand=expand, blobs=call.flag("blobs")))


def tree(call: Call) -> Response:
    """GET /api/spaces/{id}/tree/{rev}/{path}: a page of files and folders."""
    repository = call.repository()
    commit = revision_of(call, repository)
    folder = call.path.get("path", "").strip("/")
    rows = list(_rows(repository.entries(commit), folder, recursive=call.flag("recursive")))
    if folder and not rows:
        raise Refusal(404, f'{folder} does not exist on "{call.path.get("rev")}"', code="EntryNotFound")
    if call.flag("expand"):
        last = _last(repository.last(commit))
        rows = [{**row, "lastCommit": last, "securityFileStatus": None} for row in rows]
    return paged(call, rows, default=50 if call.flag("expand") else PAGE, most=PAGE)


def paths_info(call: Call) -> Response:
    """POST /api/spaces/{id}/paths-info/{rev}: what of these paths exists."""
    repository = call.repository()
    commit = revision_of(call, repository)
    wanted, expand = _wanted(call)
    if len(wanted) > MAX_PATHS:
        raise Refusal(413, "too many parameters")
    entries = repository.entries(commit)
    by_path = {e.path: file_json(e) for e in entries}
    folders = {row["path"]: row for row in _rows(entries, "", recursive=True) if row["type"] == "directory"}
    rows = [found for path in wanted if (found := by_path.get(path) or folders.get(path))]
    if expand:
        last = _last(repository.last(commit))
        rows = [{**row, "lastCommit": last} for row in rows]
    return reply(rows)


def refs(call: Call) -> Response:
    """GET /api/spaces/{id}/refs"""
    found: dict[str, list[dict[str, str]]] = {"branches": [], "converts": [], "tags": []}
    kinds = {"refs/heads/": "branches", "refs/tags/": "tags"}
    if call.flag("include_prs"):
        found["pullRequests"] = []
        kinds["refs/pr/"] = "pullRequests"
    for ref, commit in sorted(call.repository().refs().items()):
        for prefix, kind in kinds.items():
            if ref.startswith(prefix):
                name = ref if kind == "pullRequests" else ref.removeprefix(prefix)
                found[kind].append({"name": name, "ref": ref, "targetCommit": commit})
    return reply(found)


def commits(call: Call) -> Response:
    """GET /api/spaces/{id}/commits/{rev}"""
    repository = call.repository()
    rows = [_commit_json(line) for line in repository.history(revision_of(call, repository))]
    return paged(call, rows, default=50, most=PAGE)


def resolve(call: Call) -> Response:
    """GET or HEAD /spaces/{id}/resolve/{rev}/{path}: a file's bytes at a commit."""
    repository = call.repository()
    commit = revision_of(call, repository)
    headers = {"X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
    try:
        entry = repository.entry(commit, call.path["path"])
    except UnknownEntry:
        raise Refusal(404, "Entry not found", code="EntryNotFound", headers=headers) from None
    if not entry.plain:
        raise Refusal(403, f"{entry.path} is no plain file", headers=headers)
    headers |= {"ETag": f'"{entry.oid}"', "Content-Disposition": _disposition(entry.path)}
    headers |= {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    if call.headers.get("if-none-match", "").strip('W/"') == entry.oid:
        return Response(None, 304, headers)
    return _bytes(call, repository.blob(entry.oid), headers)


def revision_of(call: Call, repository: Repository) -> str:
    """The commit that the path names, `main` where it names none. Refuses with RevisionNotFound."""
    revision = call.path.get("rev", "main")
    try:
        return repository.resolve(revision)
    except UnknownRevision:
        raise Refusal(404, f"Invalid rev id: {revision}", code="RevisionNotFound") from None


def paged(call: Call, rows: list[dict[str, Any]], *, default: int, most: int) -> Response:
    """A page of rows with `Link: …; rel="next"`; the cursor is where the next page begins."""
    try:
        limit = int(call.query.get("limit") or default)
        start = int(call.query.get("cursor") or 0)
    except ValueError:
        raise Refusal(400, "limit and cursor must be numbers") from None
    if not 1 <= limit <= most or start < 0:
        raise Refusal(400, f"limit must be between 1 and {most}")
    headers = {}
    if start + limit < len(rows):
        kept = [(k, v) for k, v in call.query.multi_items() if k != "cursor"]
        query = "&".join(f"{quote(k)}={quote(v)}" for k, v in [*kept, ("cursor", str(start + limit))])
        headers["Link"] = f'<{call.base}{call.url_path}?{query}>; rel="next"'
    return reply(rows[start : start + limit], headers=headers)


def _rows(entries: Iterable[Entry], folder: str, *, recursive: bool) -> Iterable[dict[str, Any]]:
    prefix, seen = folder + "/" if folder else "", set[str]()
    for entry in entries:
        if not entry.path.startswith(prefix):
            continue
        parts = entry.path[len(prefix) :].split("/")
        for depth in range(1, len(parts) if recursive else min(2, len(parts))):
            above = prefix + "/".join(parts[:depth])
            if above not in seen:
                seen.add(above)
                yield {"type": "directory", "path": above, "oid": "0" * 40, "size": 0}
        if recursive or len(parts) == 1:
            yield file_json(entry)


def _wanted(call: Call) -> tuple[list[str], bool]:
    if "json" in call.headers.get("content-type", ""):
        body = call.json()
        paths, expand = body.get("paths", []), bool(body.get("expand"))
    else:
        form = parse_qs(call.body.decode("utf-8", "replace"))
        paths, expand = form.get("paths", []), form.get("expand", [""])[0].lower() == "true"
    if not isinstance(paths, list) or not all(isinstance(p, str) for p in paths):
        raise Refusal(400, "'paths' must be a list of strings")
    return paths, expand


def _last(line: CommitLine) -> dict[str, Any]:
    return {"id": line.oid, "title": line.message.partition("\n")[0], "date": iso(line.date)}


def _commit_json(line: CommitLine) -> dict[str, Any]:
    title, _, message = line.message.partition("\n")
    author = {"user": line.author, "avatar": ""}
    return {
        "id": line.oid,
        "title": title,
        "message": message.strip(),
        "authors": [author],
        "date": iso(line.date),
    }


def _disposition(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return f"inline; filename*=UTF-8''{quote(name, safe='')}; filename={json.dumps(quote(name))}"


def _bytes(call: Call, data: bytes, headers: dict[str, str]) -> Response:
    start, end = _range(call.headers.get("range", ""), len(data))
    if start is None:
        return Response(data, 200, headers, media_type="text/plain; charset=utf-8")
    if start >= len(data) or end < start:
        return Response(None, 416, {**headers, "Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    return Response(data[start : end + 1], 206, headers, media_type="text/plain; charset=utf-8")


def _range(text: str, size: int) -> tuple[int | None, int]:
    """`bytes=a-b`, `bytes=a-`, `bytes=-n` → first and last byte; (None, 0) for no usable range."""
    first, dash, last = text.strip().removeprefix("bytes=").partition("-")
    if not dash or not (first + last).isdigit():
        return None, 0
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
