"""Collections: a named list of Spaces, one tool set for `ToolCollection.from_hub` and `toolreg add`."""

from __future__ import annotations

import json
import re
import secrets
import time
from pathlib import Path
from typing import Any

from starlette.responses import Response

from toolreg.hub.server.describe import iso, summary
from toolreg.hub.server.files import locked, write_atomic
from toolreg.hub.server.http import Call, Refusal, reply, text_of
from toolreg.hub.server.store import UnknownRepository, is_name
from toolreg.hub.server.values import UnknownRevision

_SLUG = re.compile(r"[A-Za-z0-9._-]+-[0-9a-f]{24}")


def create(call: Call) -> Response:
    """POST /api/collections"""
    body = call.json()
    title, namespace = text_of(body.get("title"), "title"), str(body.get("namespace") or call.who.name)
    call.must_write(namespace)
    if not is_name(namespace):
        raise Refusal(400, f"Invalid namespace: {namespace}")
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "collection"
    row = {
        "slug": f"{namespace}/{name}-{secrets.token_hex(12)}",
        "title": title,
        "description": str(body.get("description") or ""),
        "private": bool(body.get("private")),
        "created": time.time(),
        "items": [],
    }
    _write(call, row)
    return reply(_json(call, row))


def details(call: Call) -> Response:
    """GET /api/collections/{namespace}/{slug}"""
    return reply(_json(call, _read(call)))


def add_item(call: Call) -> Response:
    """POST /api/collections/{namespace}/{slug}/items"""
    call.must_write(call.path["ns"])
    given = call.json()
    item = given.get("item")
    if not isinstance(item, dict) or item.get("type") != "space":
        raise Refusal(400, "this Hub collects Spaces only")
    with locked(_file(call).with_suffix(".lock")):
        row = _read(call)
        if any(i["id"] == item.get("id") for i in row["items"]):
            raise Refusal(409, "This item is already in the collection")
        row["items"].append({"id": text_of(item.get("id"), "id"), "note": str(given.get("note") or "")})
        _write(call, row)
    return reply(_json(call, row))


def delete(call: Call) -> Response:
    """DELETE /api/collections/{namespace}/{slug}"""
    call.must_write(call.path["ns"])
    _read(call)
    _file(call).unlink(missing_ok=True)
    return reply({})


def _file(call: Call, slug: str = "") -> Path:
    namespace, _, name = (slug or f"{call.path['ns']}/{call.path['slug']}").partition("/")
    if not is_name(namespace) or not _SLUG.fullmatch(name):
        raise Refusal(404, "Collection not found")
    return call.store.root / "collections" / namespace / f"{name}.json"


def _read(call: Call) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(_file(call).read_bytes())
    except FileNotFoundError:
        raise Refusal(404, "Collection not found") from None
    if row["private"] and not call.who.may_read(call.path["ns"]):
        raise Refusal(404, "Collection not found")
    return row


def _write(call: Call, row: dict[str, Any]) -> None:
    write_atomic(_file(call, row["slug"]), json.dumps(row).encode())


def _json(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    items = [found for position, item in enumerate(row["items"]) if (found := _item(call, item, position))]
    return {
        "slug": row["slug"],
        "title": row["title"],
        "description": row["description"],
        "private": row["private"],
        "owner": {"type": "user", "name": row["slug"].partition("/")[0], "isHf": False, "isPro": False},
        "lastUpdated": iso(row["created"]),
        "position": 0,
        "theme": "green",
        "upvotes": 0,
        "isUpvotedByUser": False,
        "items": items,
    }


def _item(call: Call, item: dict[str, Any], position: int) -> dict[str, Any] | None:
    """A Space as a collection shows it; one that is gone, or that this reader may not see, is left out."""
    try:
        repository = call.store.open(item["id"])
        if repository.settings().private and not call.who.may_read(item["id"].partition("/")[0]):
            return None
        shown = summary(repository, repository.resolve("main"))
    except (UnknownRepository, UnknownRevision):
        return None
    note = {"note": {"text": item["note"], "html": item["note"]}} if item["note"] else {}
    number = item["id"].encode().hex()[:24].ljust(24, "0")
    return {**shown, "_id": number, "type": "space", "repoType": "space", "position": position, **note}
