"""The connection to a Hub: timeouts, answers that end, no proxy before loopback, requests counted for whom they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

import httpx2

TIMEOUT = httpx2.Timeout(30.0, connect=10.0)
LARGEST_ANSWER = 64_000_000  # bytes of any one answer


class Counter(Protocol):
    def add_requests(self, count: int) -> None: ...


_counter: ContextVar[Counter | None] = ContextVar("toolreg_hub", default=None)


@contextmanager
def counting(who: Counter) -> Iterator[None]:
    """Requests sent from here on are counted as `who`'s."""
    token = _counter.set(who)
    try:
        yield
    finally:
        _counter.reset(token)


def new_client(*hooks: Callable[[httpx2.Request], object]) -> httpx2.Client:
    """The client that huggingface_hub shares among all its calls; its own has no timeout at all."""
    direct = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))
    return httpx2.Client(
        timeout=TIMEOUT,
        follow_redirects=True,
        mounts=direct,
        event_hooks={"request": [*hooks, _limit, _count], "response": [_bound]},
    )


def _limit(request: httpx2.Request) -> None:
    # HfApi passes timeout=None explicitly to some calls, which waits for ever.
    given = request.extensions.get("timeout") or {}
    if all(value is None for value in given.values()):
        request.extensions = {**request.extensions, "timeout": TIMEOUT.as_dict()}


class Endless(httpx2.StreamError):
    """An answer longer than anything a Hub has to say."""


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for chunk in self._stream:
            read += len(chunk)
            if read > LARGEST_ANSWER:
                raise Endless(f"more than {LARGEST_ANSWER // 1_000_000} MB")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _bound(response: httpx2.Response) -> None:
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Bounded(response.stream)


def _count(_: httpx2.Request) -> None:
    who = _counter.get()
    if who is not None:
        who.add_requests(1)
