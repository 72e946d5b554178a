"""What is asked of a module or a tool by many, and worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")


def once(ask: Callable[[Subject], Answer]) -> Callable[[Subject], Answer]:
    """A function of one module or tool whose answer is kept with it, and goes when it goes."""
    key = f"{ask.__module__}.{ask.__qualname__}"

    @wraps(ask)
    def known(subject: Subject) -> Answer:
        kept = subject.__dict__
        try:
            answer: Answer = kept[key]
        except KeyError:
            answer = kept[key] = ask(subject)
        return answer

    return known
