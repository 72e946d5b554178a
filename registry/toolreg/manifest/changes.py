"""What differs between two publications of a tool, and which version number that asks for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from toolreg.effects import Effect, uncovered
from toolreg.errors import UsageError
from toolreg.manifest.model import Manifest


class Bump(IntEnum):
    """Which part of MAJOR.MINOR.PATCH a change raises."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. what: effect, input, output, name, description, requirement, file, version, signer."""

    what: str
    text: str
    bump: Bump
    added: bool | None = None


def changes(old: Manifest, new: Manifest) -> tuple[Change, ...]:
    """Every difference that a reader should see, the gravest first."""
    a, b = old.predicate, new.predicate
    found = [
        *_effects(a.effects.granted(), b.effects.granted()),
        *_inputs(a.definition.inputs, b.definition.inputs),
    ]
    if a.definition.name != b.definition.name:
        found.append(Change("name", f"{a.definition.name} → {b.definition.name}", Bump.MAJOR))
    if a.definition.output_type != b.definition.output_type:
        found.append(Change("output", f"{a.definition.output_type} → {b.definition.output_type}", Bump.MAJOR))
    if a.definition.description != b.definition.description:
        found.append(Change("description", "what the model is told changed", Bump.MINOR))
    before = {f"{r.name}{r.specifier}" for r in a.requirements}
    after = {f"{r.name}{r.specifier}" for r in b.requirements}
    found += [Change("requirement", text, Bump.MINOR, added=True) for text in sorted(after - before)]
    found += [Change("requirement", text, Bump.MINOR, added=False) for text in sorted(before - after)]
    for name in sorted({*old.digests, *new.digests}):
        if old.digests.get(name) != new.digests.get(name):
            found.append(
                Change(
                    "file",
                    name,
                    Bump.PATCH,
                    None if name in old.digests and name in new.digests else name in new.digests,
                )
            )
    return tuple(sorted(found, key=lambda c: -c.bump))


def needed_bump(old: Manifest, new: Manifest) -> Bump:
    """The smallest honest version step from `old` to `new`."""
    return max((change.bump for change in changes(old, new)), default=Bump.NONE)


def next_version(version: str, bump: Bump) -> str:
    """`1.2.3` with a minor bump → `1.3.0`."""
    major, minor, patch = map(int, version.split("."))
    match bump:
        case Bump.MAJOR:
            return f"{major + 1}.0.0"
        case Bump.MINOR:
            return f"{major}.{minor + 1}.0"
        case Bump.PATCH:
            return f"{major}.{minor}.{patch + 1}"
        case _:
            return version


def check_version(old: Manifest, new: Manifest) -> None:
    """Refuse a version that hides how much changed. Raises UsageError saying which is the least."""
    was, now = old.predicate.tool.version, new.predicate.tool.version
    least = next_version(was, needed_bump(old, new))
    if numbers(now) < numbers(least):
        gravest = next((c for c in changes(old, new)), None)
        reason = f": {gravest.what} {gravest.text}" if gravest else ""
        raise UsageError(
            f"version {now} is too small after {was}{reason}", hint=f"publish it as {least} or higher"
        )


def text_diff(old: Mapping[str, bytes], new: Mapping[str, bytes], names: Iterable[str]) -> str:
    """A unified diff of the named files; what is no text is named, not shown."""
    parts: list[str] = []
    for name in sorted(names):
        a, b = old.get(name, b""), new.get(name, b"")
        try:
            lines = difflib.unified_diff(
                a.decode().splitlines(), b.decode().splitlines(), f"a/{name}", f"b/{name}", lineterm=""
            )
            parts += lines
        except UnicodeDecodeError:
            parts.append(f"{name}: no text, {len(a)} → {len(b)} bytes")
    return "\n".join(parts)


def numbers(version: str) -> tuple[int, ...]:
    """`1.10.0` → (1, 10, 0), to compare."""
    return tuple(map(int, version.split(".")))


def _effects(old: tuple[Effect, ...], new: tuple[Effect, ...]) -> list[Change]:
    """An effect that nothing old covers is new: a wider target is one too."""
    beyond = set(uncovered(new, by=old))
    added = [
        Change("effect", str(e), Bump.MAJOR if e in beyond else Bump.PATCH, added=True)
        for e in sorted(set(new) - set(old))
    ]
    return added + [Change("effect", str(e), Bump.MINOR, added=False) for e in sorted(set(old) - set(new))]


def _inputs(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    found = [Change("input", name, Bump.MAJOR, added=False) for name in sorted(old.keys() - new.keys())]
    for name in sorted(new.keys() - old.keys()):
        found.append(
            Change("input", name, Bump.MINOR if new[name].get("nullable") else Bump.MAJOR, added=True)
        )
    for name in sorted(old.keys() & new.keys()):
        a, b = ({k: v for k, v in schema[name].items() if k != "description"} for schema in (old, new))
        if a != b:
            loosened = {**a, "nullable": True} == b
            found.append(
                Change(
                    "input",
                    f"{name}: {a.get('type')} → {b.get('type')}",
                    Bump.MINOR if loosened else Bump.MAJOR,
                )
            )
        elif old[name] != new[name]:
            found.append(Change("input", f"{name}: its description", Bump.MINOR))
    if not found and list(old) != list(new):
        found.append(Change("input", f"order {', '.join(old)} → {', '.join(new)}", Bump.MAJOR))
    return found
