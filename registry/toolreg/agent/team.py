"""An agent and those it manages: each once, none its own manager, none at work for two."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from toolreg.errors import UsageError

Team = Sequence[tuple[Any, str]]
_busy: set[int] = set()
_lock = threading.Lock()


def team_of(agent: Any) -> Team:
    """The agent and all that it manages, with their names below it; one that two manage stands once.

    Raises UsageError for an agent that manages itself, and for two that share one executor.
    """
    found: dict[int, tuple[Any, str]] = {}
    _gather(agent, "", (), found)
    executors: dict[int, str] = {}
    for each, name in found.values():
        executor = getattr(each, "python_executor", None)
        other = executors.setdefault(id(executor), name) if executor is not None else name
        if other != name:
            raise UsageError(
                f"'{name}' and '{other or 'its manager'}' share one executor",
                hint="give each agent its own: a step of one runs in the middle of a step of the other",
            )
    return tuple(found.values())


@contextmanager
def at_work(team: Team) -> Iterator[None]:
    """Mark these agents as busy. Raises UsageError for one that is: its memory and budget belong to one run."""
    wanted = {id(agent) for agent, _ in team}
    with _lock:
        taken = [name or "this agent" for agent, name in team if id(agent) in _busy]
        if taken:
            raise UsageError(f"{taken[0]} is at work in another run", hint="build an agent for each run")
        _busy.update(wanted)
    try:
        yield
    finally:
        with _lock:
            _busy.difference_update(wanted)


def _gather(agent: Any, name: str, above: tuple[int, ...], found: dict[int, tuple[Any, str]]) -> None:
    if id(agent) in above:
        raise UsageError(f"the agent '{name}' manages itself", hint="take it out of its own managed_agents")
    if id(agent) in found:
        return
    found[id(agent)] = agent, name
    for below, managed in (agent.managed_agents or {}).items():
        if hasattr(managed, "model"):
            _gather(managed, f"{name}/{below}".lstrip("/"), (*above, id(agent)), found)
