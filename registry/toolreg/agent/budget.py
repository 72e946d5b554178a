"""How far an agent may go, and the named state in which its run ends."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """Why a run ended. Only `success` carries an answer that the agent meant."""

    SUCCESS = "success"
    MAX_STEPS = "max_steps"
    DEADLINE = "deadline"
    TOKENS = "token_budget"
    INTERRUPTED = "interrupted"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Budget:
    """max_steps; deadline and step_timeout in seconds; tokens in and out together, None for no limit."""

    max_steps: int = 12
    deadline: float | None = 600.0
    step_timeout: float = 30.0
    tokens: int | None = None


class BudgetSpent(BaseException):
    """The run must end now. No Exception: neither smolagents nor the agent's own `except` may swallow it."""

    def __init__(self, ending: Ending, message: str) -> None:
        super().__init__(message)
        self.ending = ending


class Meter:
    """One clock and one count of tokens for a whole run, its managed agents included."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.input_tokens = 0
        self.output_tokens = 0
        self._lock = threading.Lock()
        self._start = time.monotonic()

    def begin(self) -> None:
        """Start the clock: what comes before, such as a container that is brought up, is none of the task's time."""
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    @property
    def limit(self) -> float | None:
        """The deadline on time.monotonic()."""
        return None if self.budget.deadline is None else self._start + self.budget.deadline

    def left(self) -> float | None:
        """Seconds until the deadline; None without one."""
        return None if self.limit is None else self.limit - time.monotonic()

    def count(self, input_tokens: int, output_tokens: int) -> None:
        with self._lock:
            self.input_tokens += input_tokens
            self.output_tokens += output_tokens

    def check(self) -> None:
        """Raise BudgetSpent if time or tokens are used up."""
        left = self.left()
        if left is not None and left <= 0:
            raise BudgetSpent(
                Ending.DEADLINE, f"the task's deadline of {self.budget.deadline:g} s has passed"
            )
        used = self.input_tokens + self.output_tokens
        if self.budget.tokens is not None and used >= self.budget.tokens:
            raise BudgetSpent(Ending.TOKENS, f"{used} tokens are used of {self.budget.tokens}")
