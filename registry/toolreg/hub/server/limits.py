"""Rate limits as the Hub has them: fixed windows of five minutes, told in headers, 429 beyond."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from toolreg.hub.server.http import Refusal

WINDOW = 300


@dataclass(slots=True)
class Limits:
    """How many requests a user may send in a window; 0 is without limit.

    api: everything below /api. resolvers: files.
    """

    api: int = 0
    resolvers: int = 0
    window: int = WINDOW
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _used: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def count(self) -> int:
        """Requests counted in this window."""
        with self._lock:
            return sum(self._used.values())

    def take(self, path: str, who: str) -> dict[str, str]:
        """Count a request; the headers to answer with. Refuses with 429 beyond the limit."""
        kind = "api" if path.startswith("/api/") else "resolvers"
        quota = self.api if kind == "api" else self.resolvers
        if not quota:
            return {}
        now = time.time()
        number, rest = int(now // self.window), self.window - int(now % self.window)
        with self._lock:
            self._used = {k: v for k, v in self._used.items() if k[2] == number}
            used = self._used.get((kind, who, number), 0) + 1
            self._used[kind, who, number] = used
        headers = _headers(kind, max(0, quota - used), rest, quota, self.window)
        if used > quota:
            raise Refusal(429, "We had to rate limit you", headers={**headers, "Retry-After": str(rest)})
        return headers


def _headers(kind: str, left: int, rest: int, quota: int, window: int) -> dict[str, str]:
    return {
        "RateLimit": f'"{kind}";r={left};t={rest}',
        "RateLimit-Policy": f'"fixed window";"{kind}";q={quota};w={window}',
    }
