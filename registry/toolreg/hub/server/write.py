"""What changes a repository: create, commit, tag, branch, rename, delete. Everything or nothing."""

from __future__ import annotations

import base64
import binascii
import json
import time
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from toolreg.hub.server.describe import front_matter
from toolreg.hub.server.http import Call, Refusal, reply, text_of
from toolreg.hub.server.read import revision_of
from toolreg.hub.server.seed import SDKS, seed
from toolreg.hub.server.store import RepositoryExists, UnknownRepository, is_name
from toolreg.hub.server.values import (
    Add,
    Delete,
    Operation,
    PathClash,
    RefExists,
    Settings,
    StaleParent,
    UnknownEntry,
    UnknownRevision,
)

STALE = "The branch was updated since you opened this page. Please refresh and try again."


def create(call: Call) -> Response:
    """POST /api/repos/create"""
    body = call.json()
    kind, name = body.get("type") or "model", text_of(body.get("name"), "name")
    namespace = body.get("organization") or call.who.name
    if "/" in name:
        namespace, _, name = name.partition("/")
    call.must_write(str(namespace))
    if kind != "space":
        raise Refusal(400, f"this Hub holds Spaces only, not a {kind}")
    if not is_name(name) or not is_name(str(namespace)):
        raise Refusal(400, f"Invalid repo name: {namespace}/{name}")
    sdk = body.get("sdk")
    if sdk not in SDKS:
        raise Refusal(400, f'"sdk" must be one of {", ".join(SDKS)}')
    repo_id = f"{namespace}/{name}"
    private = bool(body.get("private")) or body.get("visibility") == "private"
    url = f"{call.base}/spaces/{repo_id}"
    try:
        settings = Settings(sdk=sdk, private=private, created=time.time())
        call.store.create(repo_id, settings, {**seed(name, sdk), **_given(body)}, call.who.name)
    except RepositoryExists:
        raise Refusal(409, "You already created this space repo", extra={"url": url}) from None
    except PathClash as error:
        raise Refusal(400, f"'{error}' would be a file and a folder") from None
    return reply({"url": url, "name": repo_id, "id": repo_id})


def validate_yaml(call: Call) -> Response:
    """POST /api/validate-yaml: is the README's front matter a card?"""
    problem = _card_problem(str(call.json().get("content", "")))
    if problem:
        return reply({"error": problem, "errors": [{"message": problem}], "warnings": []}, 400)
    return reply({"errors": [], "warnings": []})


def preupload(call: Call) -> Response:
    """POST /api/spaces/{id}/preupload/{rev}: every file is a regular one here; `oid` where it exists."""
    repository = call.repository(write=not call.flag("create_pr"))
    commit = revision_of(call, repository)
    have = {e.path: e.oid for e in repository.entries(commit)}
    rows = []
    for file in _list(call.json(), "files"):
        path = text_of(file.get("path"), "path")
        known = {"oid": have[path]} if path in have else {}
        rows.append({"path": path, "uploadMode": "regular", "shouldIgnore": False, **known})
    return reply({"files": rows, "commitOid": commit})


def commit(call: Call) -> Response:
    """POST /api/spaces/{id}/commit/{rev}: one commit of everything, or nothing with 412."""
    from toolreg.hub.server.discussions import open_pull_request

    wants_pr = call.flag("create_pr")
    repository = call.repository(write=not wants_pr)
    if wants_pr and not call.who.known:
        raise Refusal(401, "Invalid username or password.")
    header, operations = _read_commit(call.body)
    branch = call.path.get("rev", "main")
    if not branch.startswith("refs/pr/") and f"refs/heads/{branch}" not in repository.refs():
        raise Refusal(404, f"Invalid rev id: {branch}", code="RevisionNotFound")
    message = text_of(header.get("summary"), "summary")
    description = header.get("description") or ""
    number, pull = open_pull_request(call, repository, message, description) if wants_pr else (0, {})
    try:
        oid = repository.commit(
            branch,
            operations,
            f"{message}\n\n{description}".strip(),
            author=call.who.name,
            parent=header.get("parentCommit"),
            onto=f"refs/pr/{number}" if number else None,
        )
    except StaleParent:
        raise Refusal(412, STALE) from None
    except UnknownEntry as error:
        raise Refusal(404, f"A file with this name doesn't exist: {error}", code="EntryNotFound") from None
    except PathClash as error:
        raise Refusal(400, f"'{error}' would be a file and a folder") from None
    url = f"{call.base}/spaces/{repository.repo_id}/commit/{oid}"
    return reply({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": "", **pull})


def create_tag(call: Call) -> Response:
    """POST /api/spaces/{id}/tag/{rev}; a tag never moves."""
    repository = call.repository(write=True)
    target = revision_of(call, repository)
    return _new_ref(call, f"refs/tags/{text_of(call.json().get('tag'), 'tag')}", target)


def delete_tag(call: Call) -> Response:
    return _drop_ref(call, f"refs/tags/{call.path['rev']}")


def create_branch(call: Call) -> Response:
    """POST /api/spaces/{id}/branch/{branch}"""
    repository = call.repository(write=True)
    start = str(call.json().get("startingPoint") or "main")
    try:
        target = repository.resolve(start)
    except UnknownRevision:
        raise Refusal(404, f"Invalid rev id: {start}", code="RevisionNotFound") from None
    return _new_ref(call, f"refs/heads/{call.path['rev']}", target)


def delete_branch(call: Call) -> Response:
    if call.path["rev"] == "main":
        raise Refusal(403, "the main branch cannot be deleted")
    return _drop_ref(call, f"refs/heads/{call.path['rev']}")


def delete(call: Call) -> Response:
    """DELETE /api/repos/delete"""
    body = call.json()
    namespace = body.get("organization") or call.who.name
    name = text_of(body.get("name"), "name")
    repo_id = name if "/" in name else f"{namespace}/{name}"
    call.must_write(repo_id.partition("/")[0])
    try:
        call.store.delete(repo_id)
    except UnknownRepository:
        raise Refusal(404, "Repository not found", code="RepoNotFound") from None
    return Response(None, 200)


def move(call: Call) -> Response:
    """POST /api/repos/move"""
    body = call.json()
    old, new = text_of(body.get("fromRepo"), "fromRepo"), text_of(body.get("toRepo"), "toRepo")
    for repo_id in (old, new):
        call.must_write(repo_id.partition("/")[0])
    if not all(is_name(part) for part in new.split("/")) or new.count("/") != 1:
        raise Refusal(400, f"Invalid repo name: {new}")
    try:
        call.store.move(old, new)
    except UnknownRepository:
        raise Refusal(404, "Repository not found", code="RepoNotFound") from None
    except RepositoryExists:
        raise Refusal(409, f"{new} exists already") from None
    return reply({})


def settings(call: Call) -> Response:
    """PUT /api/spaces/{id}/settings: private or public."""
    repository, body = call.repository(write=True), call.json()
    private = bool(body["private"]) if "private" in body else body.get("visibility") == "private"
    repository.write_settings(replace(repository.settings(), private=private))
    return reply({"private": private})


def _new_ref(call: Call, ref: str, target: str) -> Response:
    try:
        call.repository(write=True).add_ref(ref, target)
    except RefExists:
        raise Refusal(409, f"Reference {ref} already exists") from None
    except ValueError:
        raise Refusal(400, f"'{ref}' is no name for a reference") from None
    return reply({})


def _drop_ref(call: Call, ref: str) -> Response:
    try:
        call.repository(write=True).drop_ref(ref)
    except UnknownRevision:
        raise Refusal(404, f"Invalid rev id: {ref}", code="RevisionNotFound") from None
    return reply({})


def _read_commit(body: bytes) -> tuple[dict[str, Any], list[Operation]]:
    """The header and the operations of an ndjson body. Refuses a body that is cut or odd."""
    header: dict[str, Any] = {}
    operations: list[Operation] = []
    for line in body.splitlines():
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            key, value = item["key"], item["value"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Refusal(400, "a line of the commit is not {key, value}") from None
        if not isinstance(value, dict):
            raise Refusal(400, "a line of the commit is not {key, value}")
        if key == "header":
            header = value
        else:
            operations.append(_operation(key, value))
    if not header:
        raise Refusal(400, "the commit has no header")
    return header, operations


def _operation(key: str, value: dict[str, Any]) -> Operation:
    path = _safe_path(text_of(value.get("path"), "path"))
    match key:
        case "file":
            data = _content(value)
            problem = _card_problem(data.decode("utf-8", "replace")) if path == "README.md" else ""
            if problem:
                raise Refusal(400, f"Invalid metadata in README.md: {problem}")
            return Add(path, data)
        case "deletedFile" | "deletedEntry":
            return Delete(path)
        case "deletedFolder":
            return Delete(path, folder=True)
        case "lfsFile":
            raise Refusal(400, "this Hub stores no LFS files")
    raise Refusal(400, f"unknown operation '{key}'")


def _content(value: dict[str, Any]) -> bytes:
    content = value.get("content")
    if not isinstance(content, str):
        raise Refusal(400, "'content' must be a string")
    if value.get("encoding") != "base64":
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, "'content' is not base64") from None


def _safe_path(path: str) -> str:
    parts = path.rstrip("/").split("/")
    odd = any(p in ("", ".", "..") or p.lower() == ".git" for p in parts)
    if odd or any(ord(c) < 32 or c in "\\\x7f" for c in path) or len(path) > 1000:
        raise Refusal(400, f"invalid path in repo: {path!r}")
    return "/".join(parts)


def _card_problem(content: str) -> str:
    try:
        card = front_matter(content)
    except ValueError as error:
        return str(error)
    for key, kind in (("tags", list), ("title", str), ("license", (str, list))):
        if card.get(key) is not None and not isinstance(card[key], kind):
            return f'"{key}" must be a {"list" if kind is list else "string"}'
    if "sdk" in card and card["sdk"] not in SDKS:
        return f'"sdk" must be one of {", ".join(SDKS)}'
    return ""


def _given(body: dict[str, Any]) -> dict[str, bytes]:
    """The `files` that a create may carry."""
    return {_safe_path(text_of(f.get("path"), "path")): _content(f) for f in _list(body, "files")}


def _list(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = body.get(key) or []
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise Refusal(400, f"'{key}' must be a list of objects")
    return value
