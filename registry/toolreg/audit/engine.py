"""Where the judging happens: this process, a pool of processes, a Dask cluster or a Ray cluster.

All of them are `concurrent.futures.Executor`s, so the audit itself knows none of them.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from toolreg.errors import ToolregError, UsageError

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 600.0
LOOKS = 1.0
_POOL = re.compile(r"processes(?::(\d{1,4}))?")


class EngineLost(ToolregError):
    """The engine ended before its work did; what was judged is kept."""


@dataclass(frozen=True, slots=True)
class Engine:
    """name: as given. start: makes the executor. workers: how many files it judges at once.

    lost: what its futures raise when the engine itself is gone, not the work at fault.
    alive: asked while an answer is waited for; a cluster may vanish without a word to its futures.
    fresh: a new executor replaces a broken one (a worker of a pool that died takes the pool with it).
    """

    name: str
    start: Callable[[], Executor]
    workers: int
    lost: tuple[type[BaseException], ...] = ()
    fresh: bool = False
    alive: Callable[[], bool] = lambda: True


def engine(name: str = "") -> Engine:
    """The engine of that name: `here`, `processes[:N]`, `dask://HOST:PORT`, `ray://HOST:PORT`.

    Without a name, a process for every core that may be used. Raises UsageError.
    """
    if name == "here":
        return Engine(name, Here, 1)
    pool = _POOL.fullmatch(name or "processes")
    if pool:
        return _processes(int(pool[1] or 0) or len(os.sched_getaffinity(0)))
    scheme = urlsplit(name).scheme
    if scheme in ("dask", "ray") and urlsplit(name).netloc:
        return _dask(name) if scheme == "dask" else _ray(name)
    raise UsageError(
        f"unknown engine '{name}'", hint="engines: here, processes[:N], dask://HOST:PORT, ray://HOST:PORT"
    )


class Here(Executor):
    """Does the work in this process, when it is submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # an executor hands on whatever the work raises
            future.set_exception(error)
        return future


def _processes(workers: int) -> Engine:
    def start() -> Executor:
        context = multiprocessing.get_context("forkserver")
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_ctrl_c_to_the_parent)

    return Engine(f"processes:{workers}", start, workers, (BrokenExecutor,), fresh=True)


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _dask(name: str) -> Engine:
    try:
        from distributed import Client
        from distributed.client import ClosedClientError, FutureCancelledError
    except ImportError as error:
        raise _missing("dask") from error
    address = "tcp://" + urlsplit(name).netloc
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise _unreachable(name, error) from error
    threads = sum(client.nthreads().values())
    # pure=False: every file is its own task. Dask itself moves the tasks of a worker that died.
    return Engine(
        name,
        lambda: _owned(client),
        max(threads, 1),
        (FutureCancelledError, CancelledError, OSError, ClosedClientError),
        # The client itself may notice only after half a minute that nobody is there any more.
        alive=lambda: client.status == "running" and _listens(address),
    )


def _listens(address: str) -> bool:
    """True if somebody takes connections there."""
    place = urlsplit(address)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), timeout=LOOKS).close()
    except OSError:
        return False
    return True


def _closed() -> type[Exception]:
    from distributed.client import ClosedClientError

    error: type[Exception] = ClosedClientError
    return error


def _owned(client: Any) -> Executor:
    """The client's executor; closing it closes the client."""
    executor: Executor = client.get_executor(pure=False, retries=2)
    stop = executor.shutdown

    def shutdown(wait: bool = True, **_: object) -> None:
        with suppress(
            OSError, RuntimeError, _closed()
        ):  # a client that its cluster has left says so once more
            stop(wait=wait)
        client.close(timeout=5)

    executor.shutdown = shutdown  # type: ignore[method-assign]
    return executor


def _ray(name: str) -> Engine:
    try:
        import ray
    except ImportError as error:
        raise _missing("ray") from error
    try:
        ray.init(address=name, log_to_driver=False)
    except (ConnectionError, OSError, RuntimeError, TimeoutError, ValueError) as error:
        raise _unreachable(name, error) from error
    workers = int(ray.cluster_resources().get("CPU", 1))
    lost = (ray.exceptions.RayError, ConnectionError, CancelledError)
    return Engine(name, lambda: _Ray(ray), max(workers, 1), lost, alive=lambda: _listens(name))


class _Ray(Executor):
    """Ray's tasks as futures; Ray itself repeats the tasks of a worker that died."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._sent: dict[Callable[..., Any], Any] = {}  # a function travels to the cluster once

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if not self._ray.is_initialized():  # it would start a cluster of its own, here
            raise ConnectionError("the connection to the cluster has ended")
        if fn not in self._sent:
            self._sent[fn] = self._ray.remote(max_retries=3)(fn)
        future: Future[T] = self._sent[fn].remote(*args, **kwargs).future()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        del wait, cancel_futures
        self._ray.shutdown()


def _missing(extra: str) -> UsageError:
    return UsageError(f"{extra} is not installed", hint=f"pip install 'smolagents-toolreg[{extra}]'")


def _unreachable(name: str, error: Exception) -> EngineLost:
    reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
    return EngineLost(
        f"no cluster answers at {name}: {reason:.200}", hint="start its scheduler, or check host and port"
    )
