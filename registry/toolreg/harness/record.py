"""Record the answers that a tool's examples need: real requests, to the declared hosts only, secrets scrubbed."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx2

from toolreg.harness.network import MAX_BYTES, TIMEOUT, Key, RecordedNetwork, Recording, Request, Response
from toolreg.harness.scrub import is_secret

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
        self.heard: dict[Key, Response] = dict(recording)

    def answer(self, request: Request) -> Response:
        key = self.key(request)
        known = self.heard.get(key) or (None if key[2] else self.recorded(self.heard, key))
        if known is None:
            try:
                known = self.heard[key] = self._scrubbed(_ask(request))
            except httpx2.HTTPError as error:
                return self.lacking(key, str(error))
        return known

    def _scrubbed(self, response: Response) -> Response:
        text = self._scrubber.text
        headers = tuple(
            (k, text(v)) for k, v in response.headers if not is_secret(k) and k.lower() not in _NOT_KEPT
        )
        return Response(response.status, headers, self._scrubber.content(response.body))


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
        {
            "request": {"method": method, "url": url, **({"body": body} if body else {})},
            "response": _response(answer),
        }
        for (method, url, body), answer in sorted(recording.items())
    ]
    return (json.dumps({"responses": entries}, indent=2, ensure_ascii=False) + "\n").encode()


def _response(answer: Response) -> dict[str, Any]:
    try:
        body = {"body": answer.body.decode("utf-8")}
    except UnicodeDecodeError:
        body = {"body_base64": base64.b64encode(answer.body).decode()}
    headers: dict[str, str] = {}
    for name, value in answer.headers:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {"status": answer.status, "headers": headers, **body}
