"""What a published tool is, read from its files: the manifest as plain JSON, the code as syntax. Nothing runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from toolreg.contract import parse_module, spec_of
from toolreg.effects import Effect, EffectSyntaxError
from toolreg.errors import SourceError, ToolregError

MANIFEST, SIGNATURE, CODE = "toolreg.json", "toolreg.json.sigstore", "tool.py"


@dataclass(frozen=True, slots=True)
class Metadata:
    """A tool as its files describe it.

    effects: declared ones; None where nothing is declared. claims: what its manifest says of the
    checks, "APPROVED" or ""; nobody verified it here. problem: why the files could not be read. waived: what
    its author waived, each with what, line, reason, author ("" if nobody is named) and until (ISO date or None).
    """

    name: str = ""
    description: str = ""
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    output_type: str = ""
    effects: tuple[Effect, ...] | None = None
    claims: str = ""
    version: str = ""
    signed: bool = False
    waived: tuple[Mapping[str, Any], ...] = ()
    problem: str = ""


def read_metadata(files: Mapping[str, bytes]) -> Metadata:
    """From the manifest where there is one that fits the code, else from the code's syntax alone."""
    if MANIFEST in files:
        try:
            return _from_manifest(files)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, EffectSyntaxError):
            return _from_code(files, "its manifest cannot be read")
    return _from_code(files, "")


def _from_manifest(files: Mapping[str, bytes]) -> Metadata:
    statement = json.loads(files[MANIFEST])
    digests = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    if CODE in files and digests.get(CODE) != sha256(files[CODE]).hexdigest():
        return _from_code(files, "its code is not the code its manifest speaks of")
    said = statement["predicate"]
    definition = said["definition"]
    return Metadata(
        name=str(definition["name"]),
        description=str(definition["description"]),
        inputs={str(k): dict(v) for k, v in definition["inputs"].items()},
        output_type=str(definition["outputType"]),
        effects=tuple(sorted(Effect.parse(str(e)) for e in said["effects"]["declared"])),
        claims=str(said["checks"]["verdict"]),
        version=str(said["tool"]["version"]),
        signed=SIGNATURE in files,
        waived=(
            *(
                _waived(row["code"], row, "reason", "author", "until")
                for row in said["checks"].get("suppressions", ())
            ),
            *(
                _waived(f"unresolved: {row['reason']}", row, "reasonAccepted", "acceptedBy", "acceptedUntil")
                for row in said["effects"].get("unresolved", ())
                if row.get("reasonAccepted")
            ),
        ),
    )


def _waived(what: str, row: Mapping[str, Any], reason: str, author: str, until: str) -> dict[str, Any]:
    """One waiver in the words of `show`, from the manifest's. Raises ValueError for what is no date or line."""
    end, line = row.get(until), row["line"]
    if type(line) is not int:
        raise ValueError("a line is a whole number")
    return {
        "what": str(what),
        "line": line,
        "reason": str(row[reason]),
        "author": str(row.get(author, "")),
        "until": str(date.fromisoformat(end)) if end else None,
    }


def _from_code(files: Mapping[str, bytes], problem: str) -> Metadata:
    try:
        tools = parse_module(CODE, files.get(CODE, b"")).tools
    except SourceError as error:
        return Metadata(problem=problem or error.message)
    if not tools:
        return Metadata(problem=problem or "no tool in its tool.py")
    spec = spec_of(tools[0])
    try:
        effects = tools[0].declared
    except ToolregError:
        effects = None
    return Metadata(
        name=spec.name,
        description=spec.description,
        inputs=spec.inputs,
        output_type=spec.output_type,
        effects=effects,
        problem=problem,
    )
