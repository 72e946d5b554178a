"""A few lines that a signal must not cut in two."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Undisturbed:
    """Holds back Ctrl-C and SIGTERM until the end of the block; then they are delivered, or dropped with `drop`.

    Python handles signals in the main thread alone: in any other this does nothing.
    """

    def __init__(self, *, drop: bool = False) -> None:
        self._drop = drop
        self._came: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                handler = signal.getsignal(number)
                if callable(handler):
                    self._before[number] = handler
                    signal.signal(number, self._note)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._came and not self._drop:
            signal.raise_signal(self._came[0])

    def _note(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._came.append(number)
