"""`git clone http://host/spaces/<namespace>/<name>`: git's dumb protocol, which only reads files."""

from __future__ import annotations

import re

from starlette.responses import Response

from toolreg.hub.server.http import Call, Refusal
from toolreg.hub.server.repository import Repository

_OBJECT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[0-9a-f]{40}\.(?:pack|idx)")


def _repository(call: Call) -> Repository:
    try:
        return call.repository()
    except Refusal as refusal:
        if refusal.status == 401:  # so that git asks for the token, as a password
            refusal.headers["WWW-Authenticate"] = 'Basic realm="toolreg hub"'
        raise


def info_refs(call: Call) -> Response:
    """Every branch and tag; git takes this for the dumb protocol by its content type."""
    lines = [f"{commit}\t{ref}\n" for ref, commit in sorted(_repository(call).refs().items())]
    return Response("".join(lines), media_type="text/plain")


def head(call: Call) -> Response:
    _repository(call)
    return Response("ref: refs/heads/main\n", media_type="text/plain")


def objects(call: Call) -> Response:
    """A loose object, a pack, or the list of packs."""
    folder, path = _repository(call).path / "objects", call.path["path"]
    if path == "info/packs":
        packs = sorted(p.name for p in (folder / "pack").glob("pack-*.pack"))
        return Response("".join(f"P {name}\n" for name in packs), media_type="text/plain")
    if not _OBJECT.fullmatch(path):
        raise Refusal(404, "Not found")
    try:
        data = (folder / path).read_bytes()
    except FileNotFoundError:
        raise Refusal(404, "Not found") from None
    return Response(data, media_type="application/octet-stream")
