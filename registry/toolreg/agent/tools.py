"""An agent's tools by name: files and folders of tools, and published ones. Every call of theirs is confined."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from smolagents import Tool  # type: ignore[import-untyped]

from toolreg.agent.locked import ProjectLock
from toolreg.calling import Callable, open_tool
from toolreg.contract import find_files, read_module, spec_of
from toolreg.contract.grants import grant
from toolreg.effects import Effect
from toolreg.errors import UsageError
from toolreg.harness import media
from toolreg.load import Room, SandboxedTool
from toolreg.load.door import arguments_in, value_out
from toolreg.load.failure import ToolFailed
from toolreg.load.sandboxed import policy_for, put_back, shared_sandbox
from toolreg.sandbox import CallTool, Killed, Observation, Policy, Raised, Returned


class LocalTool(Tool):  # type: ignore[misc,unused-ignore]
    """A tool from a file of yours, not yet published: read, bundled and confined like a published one.

    Its effects are those it declares; nobody has signed them.
    """

    skip_forward_signature_validation = True
    where = "sandbox, not published"

    def __init__(self, found: Callable, room: Room, origin: str = "") -> None:
        spec = spec_of(found.source)
        self.name, self.description = spec.name, spec.description
        self.inputs = {name: dict(schema) for name, schema in found.inputs.items()}
        self.output_type = spec.output_type
        self.effects: tuple[Effect, ...] = found.declared
        self.last: Observation | None = None
        self.origin = origin
        self._found, self._room = found, room
        super().__init__()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Run one call. Images and sound of smolagents' types may go in and come out. Raises ToolFailed."""
        given = {**dict(zip(self.inputs, args, strict=False)), **kwargs}
        arguments = arguments_in(given, self.name)
        policy = policy_for(grant(self._found.source, arguments, self._found.declared), self._room)
        wants = media.wants_media(self.inputs, self.output_type)
        code = media.with_door(self._found.code, self._found.entry, self.output_type, media=wants)
        observation = shared_sandbox().call(code, CallTool(media.ENTRY, arguments), policy)
        self.last = observation
        return value_out(self._result(observation, policy), self.name)

    def _result(self, observation: Observation, policy: Policy) -> Any:
        match observation.outcome:
            case Returned(_, type_name, False) if self.output_type not in ("string", "any"):
                raise ToolFailed(
                    f"{self.name} returned a {type_name}, which cannot leave the sandbox",
                    hint="return JSON values",
                    observation=observation,
                )
            case Returned(value):
                put_back(self.name, observation, policy)
                return value
            case Raised(kind, message, _):
                raise ToolFailed(f"{self.name} raised {kind}: {message}", observation=observation)
            case Killed(reason):
                raise ToolFailed(f"{self.name} was stopped: {reason}", observation=observation)

    def to_dict(self) -> dict[str, Any]:
        """Refuses: saved as plain code it would run without its sandbox."""
        raise UsageError(f"{self.name} is not saved with an agent", hint="publish it, and load it by name")


def open_tools(
    names: Iterable[str],
    *,
    folder: Path = Path(),
    room: Room | None = None,
    hub: str = "local",
    locked: bool = False,
) -> list[Tool]:
    """Tools by path (`tools/`, `tools/x.py`, `tools/x.py:NAME`), by the name of a locked one, and by reference
    (`acme/city-weather@1.2`).

    Paths are relative to `folder`, whose toolreg.lock says which bytes a name means. locked: give all that it
    holds. Raises SourceError, BundleError, HubError, VerificationError, UsageError for two tools of one name.
    """
    targets, room, lock = list(dict.fromkeys(names)), room or Room(), ProjectLock(folder)
    meant = {t: entry for t in targets if not _place(t, folder).exists() and (entry := lock.find(t))}
    entries = {e.repository: e for e in meant.values()} | (dict(lock.entries) if locked else {})
    pinned = dict(zip(entries, lock.load(entries.values(), room), strict=True))
    found: dict[str, Tool] = {}
    for target in targets:
        entry = meant.get(target)
        _put(found, _opened(target, folder, room, hub) if entry is None else [pinned[entry.repository]])
    _put(found, pinned.values())
    return list(found.values())


def _put(found: dict[str, Tool], tools: Iterable[Tool]) -> None:
    for tool in tools:
        other = found.setdefault(tool.name, tool)
        if _origin(other) != _origin(tool):
            raise UsageError(f"two tools are called {tool.name}", hint="an agent could not tell them apart")


def _origin(tool: Tool) -> object:
    """The same for the same tool, named twice."""
    return tool.origin if isinstance(tool, LocalTool) else id(tool)


def _place(target: str, folder: Path) -> Path:
    return folder / (target.rpartition(":")[0] or target)


def _opened(target: str, folder: Path, room: Room, hub: str) -> Iterator[Tool]:
    place, name = _place(target, folder), target.rpartition(":")[2] if ":" in target else ""
    if not place.exists():
        yield _published(target, room, hub)
        return
    files = find_files([str(place)]) if place.is_dir() else [str(place)]
    there = [(file, source.name) for file in files for source in read_module(file).tools]
    chosen = [(file, each) for file, each in there if name in ("", each)]
    if not chosen and (name or not place.is_dir()):  # a folder may still be empty
        listed = ", ".join(each for _, each in there) or "none"
        raise UsageError(f"there is no tool at '{target}'", hint=f"tools there: {listed}")
    for file, each in chosen:
        yield local_tool(file, each, room)


def local_tool(file: str, name: str, room: Room) -> LocalTool:
    """The tool of that name in a file. Raises SourceError, BundleError."""
    with open_tool(f"{file}:{name}") as found:
        return LocalTool(found, room, f"{os.path.realpath(file)}:{name}")


def _published(target: str, room: Room, hub: str) -> Tool:
    from toolreg.load import fetch_new, parse_ref
    from toolreg.load.reader import Hubs, reader

    if "/" not in target or target.endswith(".py") or target.startswith((".", os.sep)):
        raise UsageError(
            f"there is no tool at '{target}'",
            hint="write PATH[:NAME], the name of a locked tool, or NAMESPACE/NAME of a published one",
        )
    with Hubs() as hubs:
        verified, _ = fetch_new(parse_ref(target), hubs(hub), reader().trust, hub=hub)
    return SandboxedTool(verified, room=room)
