"""Pull requests: a proposed commit at `refs/pr/N`, which anybody known may open."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from starlette.responses import Response

from toolreg.hub.server.describe import iso
from toolreg.hub.server.files import locked, write_atomic
from toolreg.hub.server.http import Call, Refusal, reply, text_of
from toolreg.hub.server.repository import Repository
from toolreg.hub.server.values import StaleParent, UnknownRevision

STATUSES = ("open", "closed", "merged", "draft")


def create(call: Call) -> Response:
    """POST /api/spaces/{id}/discussions"""
    if not call.who.known:
        raise Refusal(401, "Invalid username or password.")
    repository, body = call.repository(), call.json()
    title = text_of(body.get("title"), "title")
    pull = bool(body.get("pullRequest"))
    number, _ = open_pull_request(call, repository, title, str(body.get("description") or ""), pull=pull)
    if pull:
        repository.add_ref(f"refs/pr/{number}", repository.resolve("main"))
    return reply({"num": number, "url": _url(call, repository, number), "pullRequest": pull})


def open_pull_request(
    call: Call, repository: Repository, title: str, description: str, *, pull: bool = True
) -> tuple[int, dict[str, Any]]:
    """Take the next number and write the discussion; the number and what a commit's answer adds."""
    with locked(repository.lock.with_name(repository.lock.name + ".pr")):
        rows = _read(repository)
        row = {
            "num": len(rows) + 1,
            "title": title,
            "description": description,
            "status": "open",
            "author": call.who.name,
            "created": time.time(),
            "pull": pull,
        }
        _write(repository, [*rows, row])
    number = int(str(row["num"]))
    return number, {"pullRequestUrl": _url(call, repository, number)}


def listing(call: Call) -> Response:
    """GET /api/spaces/{id}/discussions"""
    repository = call.repository()
    rows = [_json(row, repository) for row in reversed(_read(repository))]
    kind, status = call.query.get("type"), call.query.get("status")
    if kind in ("pull_request", "discussion"):
        rows = [r for r in rows if r["isPullRequest"] == (kind == "pull_request")]
    if status in ("open", "closed"):
        rows = [r for r in rows if (r["status"] in ("open", "draft")) == (status == "open")]
    return reply({"discussions": rows, "count": len(rows), "start": 0, "numClosedDiscussions": 0})


def details(call: Call) -> Response:
    """GET /api/spaces/{id}/discussions/{num}"""
    repository = call.repository()
    row = _row(repository, call)
    events = [
        {
            "id": f"{row['num']:024d}",
            "type": "comment",
            "createdAt": iso(row["created"]),
            "author": {"name": row["author"]},
            "data": {"edited": False, "hidden": False, "latest": {"raw": row["description"], "html": ""}},
        }
    ]
    more = {
        "events": events,
        "diffUrl": None,
        "filesWithConflicts": [],
        "changes": {"base": "refs/heads/main"},
    }
    return reply({**_json(row, repository), **more})


def merge(call: Call) -> Response:
    """POST /api/spaces/{id}/discussions/{num}/merge: main moves on if it did not move since."""
    repository = call.repository(write=True)
    row = _row(repository, call)
    try:
        proposed, head = repository.resolve(f"refs/pr/{row['num']}"), repository.resolve("main")
        if head not in [line.oid for line in repository.history(proposed)]:
            raise StaleParent(head)
        repository.set_ref("refs/heads/main", head, proposed)
    except (StaleParent, UnknownRevision):
        raise Refusal(412, "The pull request has conflicts with main") from None
    _set_status(repository, int(row["num"]), "merged")
    return reply({})


def status(call: Call) -> Response:
    """POST /api/spaces/{id}/discussions/{num}/status"""
    repository = call.repository(write=True)
    new = call.json().get("status")
    if new not in ("open", "closed"):
        raise Refusal(400, '"status" must be open or closed')
    row = _row(repository, call)
    _set_status(repository, int(row["num"]), new)
    event = {"id": f"{row['num']:024d}", "type": "status-change", "createdAt": iso(time.time())}
    return reply({"newStatus": {**event, "author": {"name": call.who.name}, "data": {"status": new}}})


def _file(repository: Repository) -> Path:
    return repository.path / "discussions.json"


def _read(repository: Repository) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(_file(repository).read_bytes())
    except FileNotFoundError:
        return []
    return rows


def _write(repository: Repository, rows: list[dict[str, Any]]) -> None:
    write_atomic(_file(repository), json.dumps(rows).encode())


def _row(repository: Repository, call: Call) -> dict[str, Any]:
    for row in _read(repository):
        if str(row["num"]) == call.path["num"]:
            return row
    raise Refusal(404, "Discussion not found")


def _set_status(repository: Repository, number: int, new: str) -> None:
    with locked(repository.lock.with_name(repository.lock.name + ".pr")):
        rows = _read(repository)
        _write(repository, [{**r, "status": new} if r["num"] == number else r for r in rows])


def _json(row: dict[str, Any], repository: Repository) -> dict[str, Any]:
    return {
        "num": row["num"],
        "title": row["title"],
        "status": row["status"],
        "isPullRequest": row["pull"],
        "createdAt": iso(row["created"]),
        "author": {"name": row["author"]},
        "repo": {"name": repository.repo_id, "type": "space"},
    }


def _url(call: Call, repository: Repository, number: int) -> str:
    return f"{call.base}/spaces/{repository.repo_id}/discussions/{number}"
