"""Many files through an engine: every result once, in the order of the files, a bounded number at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from toolreg.audit.engine import LOOKS, PATIENCE, Engine, EngineLost
from toolreg.audit.items import Item
from toolreg.audit.judging import Judgement, judge
from toolreg.audit.options import AuditOptions
from toolreg.audit.rows import error_row
from toolreg.errors import HarnessError

AHEAD = 8  # files in flight for each worker
LATE = 5  # files in a row without an answer after which the engine is taken to be gone


@dataclass(slots=True)
class _Waiting:
    item: Item
    future: Future[Judgement]


def judge_all(
    items: Iterable[Item | object],
    options: AuditOptions,
    engine: Engine,
    work: Callable[[Item, AuditOptions], Judgement] = judge,
    patience: float = PATIENCE,
) -> Iterator[tuple[object, Judgement | None]]:
    """Each thing with its judgement, in order; what is no Item passes through with None.

    patience: seconds to wait for any one file, which then is not judged and costs the others nothing. Raises EngineLost; closing the generator ends the engine.
    """
    run = _Run(options, engine, work, patience)
    queue: deque[_Waiting | object] = deque()
    try:
        for thing in items:
            queue.append(run.send(thing) if isinstance(thing, Item) else thing)
            while len(queue) >= engine.workers * AHEAD:
                yield run.next(queue)
        while queue:
            yield run.next(queue)
    finally:
        run.executor.shutdown(wait=False, cancel_futures=True)


class _Run:
    def __init__(
        self,
        options: AuditOptions,
        engine: Engine,
        work: Callable[[Item, AuditOptions], Judgement],
        patience: float,
    ) -> None:
        self.options, self.engine, self.work, self.patience = options, engine, work, patience
        self.executor: Executor = engine.start()
        self.late = 0

    def send(self, item: Item) -> _Waiting:
        try:
            return _Waiting(item, self.executor.submit(self.work, item, self.options))
        except self.engine.lost as error:  # a pool that broke takes no more work; `next` finds out
            failed: Future[Judgement] = Future()
            failed.set_exception(error)
            return _Waiting(item, failed)

    def next(self, queue: deque[_Waiting | object]) -> tuple[object, Judgement | None]:
        first = queue.popleft()
        if not isinstance(first, _Waiting):
            return first, None
        try:
            answer = self._answer(first.future)
            self.late = 0
            return first.item, answer
        except TimeoutError as error:
            self.late += 1
            if self.late >= LATE:
                raise self._gone(
                    f"no answer for {self.patience:.0f} seconds, {LATE} times in a row"
                ) from error
            return first.item, _late(first.item, self.patience)
        except self.engine.lost as error:
            if not self.engine.fresh:
                raise self._gone(str(error) or type(error).__name__) from error
        except Exception as error:  # noqa: BLE001  # a fault of ours on one file must not end all the others
            return first.item, _fault(first.item, error)
        judgement = self._alone(first.item)
        for place, waiting in enumerate(queue):
            if isinstance(waiting, _Waiting) and not _answered(waiting.future):
                queue[place] = self.send(waiting.item)
        return first.item, judgement

    def _answer(self, future: Future[Judgement]) -> Judgement:
        """The result, waited for with patience but not for an engine that is no more."""
        ends, missed = time.monotonic() + self.patience, 0
        while True:
            try:
                return future.result(min(LOOKS, self.patience))
            except TimeoutError:
                missed = 0 if self.engine.alive() else missed + 1
                if missed >= 2:
                    raise self._gone("it does not answer any more") from None
                if time.monotonic() >= ends:
                    raise

    def _alone(self, item: Item) -> Judgement:
        """A file judged alone in a fresh pool: if that breaks too, it is this file that breaks it."""
        self._restart()
        try:
            return self.send(item).future.result(self.patience)
        except self.engine.lost:
            self._restart()
            error = HarnessError("the process that judged it died", hint="judge this file alone to see why")
            return Judgement(error=error_row(error, item.label), passing=True)

    def _restart(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.engine.start()

    def _gone(self, reason: str) -> EngineLost:
        hint = "run the same command again: it goes on where it stopped"
        return EngineLost(f"the engine {self.engine.name} is gone: {reason}", hint=hint)


def _fault(item: Item, error: Exception) -> Judgement:
    what = HarnessError(f"internal error: {type(error).__name__}: {error}", hint="report it, with this file")
    return Judgement(error=error_row(what, item.label), passing=True)


def _late(item: Item, seconds: float) -> Judgement:
    hint = "split it, or judge it alone: the next audit tries it again"
    error = HarnessError(f"not judged within {seconds:.0f} seconds", hint=hint)
    return Judgement(error=error_row(error, item.label), passing=True)


def _answered(future: Future[Judgement]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
