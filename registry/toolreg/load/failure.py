"""A loaded tool that gave no result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolreg.errors import ToolregError

if TYPE_CHECKING:
    from toolreg.sandbox import Observation


class ToolFailed(ToolregError):
    """The tool raised, was stopped, or was called wrongly. `observation` holds what was seen, if it ran."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", observation: Observation | None = None) -> None:
        super().__init__(message, hint=hint)
        self.observation = observation
