"""Takes secrets out of what is recorded: values of variables, and whatever goes by a secret's name."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

STAND_IN = "{secret}"
_SECRET = re.compile(
    r"(^|[_\-.])(api_?key|apikey|appid|app_?key|access_?key|key|token|secret|password|passwd|pwd|passphrase|auth|authorization"
    r"|credentials?|session|session_?id|sid|jwt|signature|sig|cookie|csrf)($|[_\-.])|(token|secret|password|apikey)$",
    re.I,
)
_PARAMETER = re.compile(r"(?<=[?&;])([^=&;#?]+)=([^&;#]*)")
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACE = re.compile(r"\{env:\w+\}")
# Tokens that only say where a list goes on.
_PAGE = re.compile(r"page|next|prev|continu|cursor|sync|resume", re.I)
# What looks like a key: letters and digits, and long.
_KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.~+/=%-]{16,}")
_MOST_BODY = 10_000


def is_secret(name: str) -> bool:
    """True for a header, parameter or member whose value nobody should read: `api_key`, `accessToken`, `Set-Cookie`."""
    words = _SPLIT.sub("_", name)
    return _SECRET.search(words) is not None and _PAGE.search(words) is None


class Scrubber:
    """secrets: name of a variable → its value; `{env:NAME}` stands for it in what is kept."""

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        self._forms = [
            (form, "{env:" + name + "}")
            for name, value in (secrets or {}).items()
            for form in dict.fromkeys(_forms(value) if value else ())
        ]

    def text(self, text: str) -> str:
        """Without any variable's value, as it is, quoted for an URL or in base64."""
        for form, place in self._forms:
            text = text.replace(form, place)
        return text

    def url(self, url: str) -> str:
        """Without secrets, those in parameters with a secret's name too; a name and password are cut out."""
        url = re.sub(r"(?<=://)[^/@?#]*@", "", self.text(url))
        return _PARAMETER.sub(lambda m: f"{m[1]}={_hidden(m[1], m[2])}", url)

    def body(self, body: bytes) -> str:
        """A request's body as it is known by: "" where it is none, is no text, or is long."""
        if not body or len(body) > _MOST_BODY:
            return ""
        try:
            text = self.content(body).decode("utf-8")
        except UnicodeDecodeError:
            return ""
        form = "?" + text
        return _PARAMETER.sub(lambda m: f"{m[1]}={_hidden(m[1], m[2])}", form)[1:] if _is_form(text) else text

    def content(self, body: bytes) -> bytes:
        """Content of any type: variables' values are replaced, and members of JSON with a secret's name."""
        plain = body
        for form, place in self._forms:
            plain = plain.replace(form.encode(), place.encode())
        if plain[:1].strip() not in (b"{", b"[", b"") or not plain.strip():
            return plain
        try:
            parsed = json.loads(plain)
            hidden = _members(parsed, 0)
        except (ValueError, RecursionError):
            return plain
        return plain if hidden == parsed else json.dumps(hidden, ensure_ascii=False).encode()


def _forms(value: str) -> Iterator[str]:
    data = value.encode()
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield base64.b64encode(data).decode()
    yield base64.urlsafe_b64encode(data).decode()
    yield base64.b64encode(data + b":").decode()
    yield base64.b64encode(b":" + data).decode()


def _hidden(name: str, value: str) -> str:
    hides = _is_long_secret(name) or (is_secret(name) and _KEY.fullmatch(value))
    return STAND_IN if value and hides and not _PLACE.search(value) else value


def _members(value: Any, depth: int) -> Any:
    """A JSON value with stand-ins for the texts and numbers that secrets' names lead to."""
    if isinstance(value, dict):
        return {k: _member(k, v, depth) for k, v in value.items()}
    if isinstance(value, list):
        return [_members(each, depth + 1) for each in value]
    return value


def _member(name: str, value: Any, depth: int) -> Any:
    if isinstance(value, str) and value and _PLACE.search(value) is None and _is_long_secret(name):
        return STAND_IN
    return _members(value, depth + 1)


def _is_long_secret(name: str) -> bool:
    """`key`, `session` or `sig` are ordinary words too; True for what can be nothing but a secret."""
    return is_secret(name) and _SPLIT.sub("_", name).lower() not in (
        "key",
        "auth",
        "session",
        "sig",
        "sid",
        "signature",
    )


def _is_form(text: str) -> bool:
    return "=" in text and "\n" not in text and text[:1] not in "{[<"
