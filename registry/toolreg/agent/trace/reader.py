"""Reads a run's events back, as far as they are whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolreg.agent.trace.chain import GENESIS, Event, broken
from toolreg.errors import ConfigError, NotFound

CUT_OFF = "cut off"
_LARGEST = 512 * 1024 * 1024
_LAST_TIME = 1e11
_NUMBERS = ("seq", "step", "id", "seconds", "input_tokens", "output_tokens")
_ROWS = ("tools", "messages", "tool_calls", "files")
_LISTS = ("effects", "imports", *_ROWS)


@dataclass(frozen=True, slots=True)
class Trace:
    """A run's events up to the first that is not whole; `problem` says what is wrong with the next one."""

    folder: Path
    events: tuple[Event, ...]
    problem: str = ""

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def state(self) -> str:
        """The named end of the run, or `cut off` where the last event is no end."""
        last = self.events[-1] if self.events else {}
        return str(last.get("state", CUT_OFF)) if last.get("type") == "end" else CUT_OFF

    @property
    def start(self) -> Event:
        """The first event, which says what was run with what."""
        return self.events[0] if self.events else {}

    def of(self, *kinds: str) -> Iterator[Event]:
        """The events of these types."""
        return (e for e in self.events if e.get("type") in kinds)

    def text(self, value: Any) -> str:
        """A text of an event, in full: what was set aside is read back."""
        if isinstance(value, dict) and isinstance(value.get("blob"), str):
            path = self.folder / "blobs" / Path(value["blob"]).name
            try:
                return path.read_text("utf-8", errors="replace")
            except OSError:
                return str(value.get("head", "")) + "\n[the rest is missing]"
        return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def read_trace(folder: Path) -> Trace:
    """Read `FOLDER/events.jsonl` and check its chain. Raises NotFound, ConfigError."""
    path = folder / "events.jsonl"
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError("the trace is too large to read", path=str(path))
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise NotFound(f"no trace: {error.strerror}", path=str(path), hint="toolreg trace list") from error
    events: list[Event] = []
    previous = GENESIS
    for number, line in enumerate(lines[:-1]):
        event = _event(line)
        problem = broken(event, number, previous) if event else f"event {number} is no JSON object"
        if problem:
            return Trace(folder, tuple(events), problem)
        events.append(event)
        previous = event["hash"]
    return Trace(folder, tuple(events), "the last event is incomplete" if lines[-1] else "")


def list_runs(runs: Path) -> list[Path]:
    """The folders of runs, oldest first."""
    if not runs.is_dir():
        return []
    return sorted(p for p in runs.iterdir() if (p / "events.jsonl").is_file())


def find_run(runs: Path, name: str) -> Path:
    """A run by its name, the beginning of it, its folder, or `last`. Raises NotFound."""
    every = list_runs(runs)
    if name == "last" and every:
        return every[-1]
    if (Path(name) / "events.jsonl").is_file():
        return Path(name)
    found = [p for p in every if p.name.startswith(name)] if name != "last" else []
    if len(found) == 1:
        return found[0]
    what = f"no run '{name}'" if not found else f"'{name}' names {len(found)} runs"
    raise NotFound(f"{what} in {runs}", hint="toolreg trace list shows them")


def _event(line: bytes) -> Event:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and _well_formed(value) else {}


def _well_formed(event: Event) -> bool:
    """True if whoever reads on may rely on the kinds of its fields: a trace may come from anybody."""
    numbers = all(_is_number(event.get(name) or 0, 1e15) for name in _NUMBERS)
    lists = all(isinstance(event.get(name) or [], list) for name in _LISTS)
    if not lists:
        return False
    items = all(isinstance(item, dict) for name in _ROWS for item in event.get(name) or ())
    named = isinstance(event.get("type"), str) and _is_number(event.get("time"), _LAST_TIME)
    return named and numbers and items


def _is_number(value: Any, most: float) -> bool:
    return isinstance(value, (int, float)) and 0 <= value < most
