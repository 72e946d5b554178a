"""The Hub's HTTP API as one starlette application; the table of routes is the whole of it."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from toolreg.hub.server import account, collections, discussions, git, listing, read, write
from toolreg.hub.server.access import Access, BadToken, Who
from toolreg.hub.server.http import MAX_BODY, Call, Handler, Refusal
from toolreg.hub.server.limits import Limits
from toolreg.hub.server.store import Store

log = logging.getLogger(__name__)
log.addHandler(
    logging.NullHandler()
)  # inside another command nobody wants its tracebacks; `hub serve` prints them
_R = "/api/spaces/{ns}/{name}"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/api/whoami-v2", account.whoami),
    ("POST", "/api/repos/create", write.create),
    ("DELETE", "/api/repos/delete", write.delete),
    ("POST", "/api/repos/move", write.move),
    ("POST", "/api/validate-yaml", write.validate_yaml),
    ("GET", "/api/spaces", listing.spaces),
    ("GET", "/api/spaces/semantic-search", listing.semantic_search),
    ("GET", "/api/spaces-tags-by-type", listing.tags),
    ("POST", "/api/collections", collections.create),
    ("GET", "/api/collections/{ns}/{slug}", collections.details),
    ("DELETE", "/api/collections/{ns}/{slug}", collections.delete),
    ("POST", "/api/collections/{ns}/{slug}/items", collections.add_item),
    ("GET", _R, read.info),
    ("GET", _R + "/revision/{rev:path}", read.info),
    ("GET", _R + "/auth-check", account.auth_check),
    ("GET", _R + "/auth-check/{right}", account.auth_check),
    ("GET", _R + "/refs", read.refs),
    ("GET", _R + "/commits/{rev}", read.commits),
    ("GET", _R + "/tree/{rev}", read.tree),
    ("GET", _R + "/tree/{rev}/{path:path}", read.tree),
    ("POST", _R + "/paths-info/{rev}", read.paths_info),
    ("POST", _R + "/preupload/{rev}", write.preupload),
    ("POST", _R + "/commit/{rev}", write.commit),
    ("POST", _R + "/tag/{rev}", write.create_tag),
    ("DELETE", _R + "/tag/{rev}", write.delete_tag),
    ("POST", _R + "/branch/{rev}", write.create_branch),
    ("DELETE", _R + "/branch/{rev}", write.delete_branch),
    ("PUT", _R + "/settings", write.settings),
    ("GET", _R + "/discussions", discussions.listing),
    ("POST", _R + "/discussions", discussions.create),
    ("GET", _R + "/discussions/{num}", discussions.details),
    ("POST", _R + "/discussions/{num}/merge", discussions.merge),
    ("POST", _R + "/discussions/{num}/status", discussions.status),
    ("GET", "/spaces/{ns}/{name}/resolve/{rev}/{path:path}", read.resolve),
    ("GET", "/spaces/{ns}/{name}/raw/{rev}/{path:path}", read.resolve),
    ("GET", "/spaces/{ns}/{name}/info/refs", git.info_refs),
    ("GET", "/spaces/{ns}/{name}/HEAD", git.head),
    ("GET", "/spaces/{ns}/{name}/objects/{path:path}", git.objects),
)


def create_app(
    root: Path, *, token: str = "", limits: Limits | None = None, hosts: tuple[str, ...] = ()
) -> ASGIApp:
    """A Hub over `root`. token: one that may do everything. hosts: names it answers to besides loopback ones."""
    store, access = Store(root), Access(root, token)
    limits = limits or Limits()

    def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await _answer(request, handler, store, access, limits, hosts)
            except ClientDisconnect:
                return Response(None, 400)

        return answer

    routes = [Route(path, endpoint(handler), methods=[method]) for method, path, handler in ROUTES]
    return RawPaths(Starlette(routes=routes, exception_handlers={404: _no_such_page}))


class RawPaths:
    """Route by the path as it was sent: `refs%2Fpr%2F1` is one part of it, not three."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "path": scope.get("raw_path", scope["path"].encode()).decode("latin-1")}
        await self.app(scope, receive, send)


async def _answer(
    request: Request, handler: Handler, store: Store, access: Access, limits: Limits, hosts: tuple[str, ...]
) -> Response:
    headers: dict[str, str] = {}
    try:
        _refuse_strangers(request, hosts)
        body = await _body(request)
        who = _who(access, request)
        headers = limits.take(request.url.path, who.name or (request.client.host if request.client else ""))
        base = f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
        call = Call(
            store=store,
            who=who,
            base=base,
            url_path=request.scope["path"],
            path=_path(request),
            query=request.query_params,
            headers=request.headers,
            body=body,
            method=request.method,
        )
        response = await run_in_threadpool(handler, call)
    except Refusal as refusal:
        response = refusal.response()
    except UnicodeError:
        response = Refusal(400, "the request holds text that is no Unicode").response()
    except Exception:  # whatever a request may contain: the Hub answers, and goes on
        log.exception("%s %s", request.method, request.url.path)
        response = Refusal(500, "Internal Error").response()
    response.headers.update(headers)
    return response


def _path(request: Request) -> dict[str, str]:
    """The parts of the path, as text. Refuses what is not UTF-8 and control characters."""
    parts = {key: unquote(str(value), errors="surrogateescape") for key, value in request.path_params.items()}
    if any(not part.isprintable() for part in parts.values()) or len(request.scope["path"]) > 4000:
        raise Refusal(400, "the path holds what no name may hold")
    return parts


def _who(access: Access, request: Request) -> Who:
    try:
        return access.who(request.headers.get("authorization"))
    except BadToken:
        raise Refusal(401, "Invalid credentials in Authorization header") from None


async def _body(request: Request) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise Refusal(413, f"the request is larger than {MAX_BODY} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _refuse_strangers(request: Request, hosts: tuple[str, ...]) -> None:
    """A web page must not reach a Hub on loopback, neither by another name for it nor across origins."""
    host = urlsplit("//" + request.headers.get("host", "")).hostname or ""
    if host not in hosts and "*" not in hosts and not _loopback(host):
        raise Refusal(421, f"this Hub does not answer to the name '{host}'")
    origin = request.headers.get("origin")
    if (
        origin
        and request.method not in ("GET", "HEAD")
        and urlsplit(origin).netloc != request.headers.get("host")
    ):
        raise Refusal(403, "requests from other web pages are refused")


def _loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _no_such_page(request: Request, _: Exception) -> Response:
    parts = request.url.path.split("/")
    code = (
        "RepoNotFound"
        if parts[1:2] == ["api"] and parts[2:3] in (["models"], ["datasets"], ["spaces"])
        else ""
    )
    return Refusal(404, "Repository not found" if code else "Not found", code=code).response()
