"""What goes wrong at a Hub, in our words: by exception, and by status where the Hub answered."""

from __future__ import annotations

import re

import httpx2

from toolreg.errors import (
    Conflict,
    Forbidden,
    HubError,
    NotFound,
    Offline,
    PaymentRequired,
    RateLimited,
    ToolregError,
    UsageError,
)


class Unsure(HubError):
    """No answer that can be read: what was asked may have been done, or not."""


class Limited(RateLimited):
    """The Hub said how long to wait: `seconds`, or None where it did not."""

    def __init__(self, message: str, *, seconds: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds


Table = tuple[tuple[tuple[type[Exception], ...], type[ToolregError], str], ...]
BY_STATUS: dict[int, type[HubError]] = {
    401: Forbidden,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    408: Unsure,
    409: Conflict,
    410: NotFound,
    412: Conflict,
    421: Forbidden,
    429: Limited,
    451: Forbidden,
}

HINTS: dict[type[ToolregError], str] = {
    UsageError: "give local, hf or the URL of a Hub, and repositories as NAMESPACE/NAME",
    Forbidden: "log in with `hf auth login` using a token that may write there",
    PaymentRequired: "a free account may not host gradio or docker Spaces; the default `--sdk static` is free",
    NotFound: "look at the name, or log in: a private repository looks missing to strangers",
    Conflict: "somebody else changed it meanwhile; look at it, then run the same command again",
    Unsure: "run the same command again: it looks first, and does only what is missing",
    Offline: "look at the network and at the address; `--to local` needs no network",
    Limited: "wait, or log in: the limits of an account are higher",
}

_LEFT = re.compile(r'"\w+"\s*;\s*r\s*=\s*(\d+)\s*;\s*t\s*=\s*(\d+)')


def translate(error: Exception, table: Table, action: str, endpoint: str) -> ToolregError:
    """One exception, ours by the first row of the table that has it; "cannot <action>: …"."""
    ours, words = next((ours, words) for kinds, ours, words in table if isinstance(error, kinds))
    response = getattr(error, "response", None)
    if not words and response is not None:
        return by_status(response, one_line(getattr(error, "server_message", "") or ""), action, endpoint)
    return ours(f"cannot {action}: {words.format(endpoint=endpoint)}", hint=HINTS.get(ours, ""))


def by_status(response: httpx2.Response, words: str, action: str, endpoint: str) -> HubError:
    """The error for a status, in one line; `words` are the server's own."""
    status = response.status_code
    kind = BY_STATUS.get(status) or (Unsure if status >= 500 else HubError)
    message = f"cannot {action}: {endpoint} answered {status}" + (f", {words}" if words else "")
    if kind is Limited:
        return Limited(message, seconds=pause(response), hint=HINTS[Limited])
    return kind(message, hint=HINTS.get(kind, ""))


def pause(response: httpx2.Response) -> float | None:
    """Seconds to wait after a 429, by its RateLimit or Retry-After header."""
    told = _LEFT.search(response.headers.get("ratelimit", ""))
    if told is not None and told[1] == "0":
        return float(told[2]) + 1
    after = response.headers.get("retry-after", "").strip()
    return float(after) if after.isdigit() else None


def one_line(text: object) -> str:
    """One line, not long, without anything that looks like a token."""
    line = re.sub(r"\b(hf_|Bearer\s+)\S+", r"\1…", " ".join(str(text).split()))
    return line if len(line) <= 200 else line[:199] + "…"
