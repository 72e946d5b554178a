"""Record the answers that a tool's examples need: real requests, to the declared hosts only, secrets scrubbed."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx2

from toolreg.harness.network import MAX_BYTES, TIMEOUT, RecordedNetwork, Recording, Request, Response

# Hop-by-hop headers and those that name the client; the body is stored decoded.
_NOT_SENT = {
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "proxy-authorization",
}
_NOT_KEPT = {
    "connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding", "date", "server", "alt-svc",
    "strict-transport-security", "report-to", "nel", "via",
}  # fmt: skip


class RecordingNetwork(RecordedNetwork):
    """Asks the real host for what is not recorded yet, and remembers what it said in `heard`.

    Only asked for hosts that the policy grants: the sandbox refuses every other before it comes here.
    """

    def __init__(self, recording: Recording, secrets: Mapping[str, str]) -> None:
        super().__init__(recording, secrets)
        self.heard: dict[tuple[str, str], Response] = dict(recording)

    def answer(self, request: Request) -> Response:
        key = (request.method, self.scrubbed(request.url))
        if key not in self.heard:
            try:
                self.heard[key] = self._scrubbed(_ask(request))
            except httpx2.HTTPError as error:
                self.missing.append(f"{' '.join(key)}: {error}")
                return Response(599, (), str(error).encode())
        return self.heard[key]

    def _scrubbed(self, response: Response) -> Response:
        headers = tuple((k, self.scrubbed(v)) for k, v in response.headers if k.lower() not in _NOT_KEPT)
        return Response(
            response.status, headers, self.scrubbed(response.body.decode("latin-1")).encode("latin-1")
        )


def _ask(request: Request) -> Response:
    headers = [(k, v) for k, v in request.headers if k.lower() not in _NOT_SENT]
    with (
        httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        client.stream(request.method, request.url, headers=headers, content=request.body) as answer,
    ):
        body = b""
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                raise httpx2.ReadError(f"more than {MAX_BYTES // 1_000_000} MB")
        return Response(answer.status_code, tuple(answer.headers.multi_items()), body)


def to_json(recording: Recording) -> bytes:
    """A recording as the content of `NAME.responses.json`; the same answers give the same bytes."""
    entries = [
        {"request": {"method": method, "url": url}, "response": _response(answer)}
        for (method, url), answer in sorted(recording.items())
    ]
    return (json.dumps({"responses": entries}, indent=2, ensure_ascii=False) + "\n").encode()


def _response(answer: Response) -> dict[str, Any]:
    try:
        body = {"body": answer.body.decode("utf-8")}
    except UnicodeDecodeError:
        body = {"body_base64": base64.b64encode(answer.body).decode()}
    return {"status": answer.status, "headers": dict(answer.headers), **body}
