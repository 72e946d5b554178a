"""Who accepts what was found, why, and until when: `… the server ends idle calls (until 2027-03-31, by maria)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

_TAIL = re.compile(r"\s*\((?P<fields>(?:until|by)\s[^()]*)\)\s*\Z")
_FIELD = re.compile(r"(until|by)\s+(\S(?:[^,]*\S)?)\s*\Z")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A reason with its author ("" if none is named) and the last day on which it holds (None: for ever).

    problem: what of the fields could not be read; such a waiver waives nothing.
    """

    reason: str
    author: str = ""
    until: date | None = None
    problem: str = ""

    def ended(self, today: date) -> bool:
        return self.until is not None and self.until < today


def read_waiver(text: str) -> Waiver:
    """The reason of a suppression with the fields in brackets at its end, `until DATE` and `by NAME`."""
    tail = _TAIL.search(text)
    if tail is None:
        return Waiver(text)
    fields: dict[str, str] = {}
    for part in tail["fields"].split(","):
        field = _FIELD.fullmatch(part.strip())
        if field is None or field[1] in fields:
            return Waiver(
                text, problem=f"'{part.strip()}' is not understood; write (until 2027-03-31, by NAME)"
            )
        fields[field[1]] = field[2]
    try:
        until = date.fromisoformat(fields["until"]) if "until" in fields else None
    except ValueError:
        return Waiver(text, problem=f"'{fields['until']}' is no date; write it as 2027-03-31")
    return Waiver(text[: tail.start()].strip(), fields.get("by", ""), until)


def today() -> date:
    """The day it is in UTC, which is the same for everybody who judges."""
    return datetime.now(UTC).date()
