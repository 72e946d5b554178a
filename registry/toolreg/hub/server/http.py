"""One request as a plain value, and the answers the Hub gives; every handler is `Call -> Response`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from starlette.datastructures import Headers, QueryParams
from starlette.responses import JSONResponse, Response

from toolreg.hub.server.access import Who
from toolreg.hub.server.repository import Repository
from toolreg.hub.server.store import Store, UnknownRepository
from toolreg.hub.server.values import Entry

MAX_BODY = 64 * 1024 * 1024


class Refusal(Exception):
    """An answer that is not 2xx; `code` is the Hub's X-Error-Code, which huggingface_hub reads."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.headers = dict(headers or {})
        self.status = status
        self.message = message
        self.code = code
        self.extra = dict(extra or {})

    def response(self) -> Response:
        headers = {
            "X-Error-Message": _header(self.message),
            **self.headers,
        }
        if self.code:
            headers["X-Error-Code"] = self.code
        return JSONResponse({"error": self.message, **self.extra}, self.status, headers)


def _header(text: str) -> str:
    return "".join(c if " " <= c <= "~" else "?" for c in " ".join(text.split()))[:500]


@dataclass(frozen=True, slots=True)
class Call:
    """A request: where it goes, who asks, what it carries. Its handler runs in a worker thread."""

    store: Store
    who: Who
    base: str
    url_path: str
    path: Mapping[str, str]
    query: QueryParams
    headers: Headers
    body: bytes
    method: str = "GET"

    @property
    def repo_id(self) -> str:
        return f"{self.path['ns']}/{self.path['name']}"

    def repository(self, *, write: bool = False) -> Repository:
        """The repository of the path, if this user may see it (or write to it)."""
        try:
            repository = self.store.open(self.repo_id)
        except UnknownRepository:
            self._no_repository()
        if repository.settings().private and not self.who.may_read(self.path["ns"]):
            self._no_repository()
        if write:
            self.must_write(self.path["ns"])
        return repository

    def must_write(self, namespace: str) -> None:
        if not self.who.known:
            raise Refusal(401, "Invalid username or password.")
        if not self.who.may_write(namespace):
            raise Refusal(403, f"You don't have the rights to write in the namespace {namespace!r}")

    def _no_repository(self) -> NoReturn:
        # As on the Hub: who is not known learns nothing of private repositories.
        if not self.who.known:
            raise Refusal(401, "Invalid username or password.", code="RepoNotFound")
        raise Refusal(404, "Repository not found", code="RepoNotFound")

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Refuses anything else with 400."""
        try:
            value = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise Refusal(400, f"the body is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise Refusal(400, "the body must be a JSON object")
        return value

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true", "yes")


Handler = Callable[[Call], Response]


def reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    # Not JSONResponse: a name in the tree that is not UTF-8 must be sent all the same.
    return Response(json.dumps(value), status, headers, media_type="application/json")


def text_of(value: object, name: str) -> str:
    """A string out of a JSON body. Refuses anything else with 400."""
    if not isinstance(value, str) or not value:
        raise Refusal(400, f"'{name}' must be a non-empty string")
    return value


def file_json(entry: Entry) -> dict[str, Any]:
    """A file as tree and paths-info describe it."""
    if entry.plain:
        return {"type": "file", "path": entry.path, "oid": entry.oid, "size": entry.size}
    return {
        "type": "symlink" if entry.symlink else "submodule",
        "path": entry.path,
        "oid": entry.oid,
        "size": 0,
    }
