"""Make a manifest from plain values, and tell whether a new one would say anything new."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from toolreg import effects as fx
from toolreg.errors import SigningError, UsageError
from toolreg.manifest.digests import definition_digest, sha256
from toolreg.manifest.encoding import explain
from toolreg.manifest.model import (
    STATEMENT_TYPE,
    Checks,
    Definition,
    DigestSet,
    EffectsSection,
    Harness,
    Hints,
    Manifest,
    Requirement,
    Source,
    Subject,
    ToolIdentity,
    ToolSafety,
    Versions,
)


def definition(name: str, description: str, inputs: Mapping[str, Mapping[str, Any]], output_type: str,
               output_schema: dict[str, Any] | None = None) -> Definition:  # fmt: skip
    """What a model is told of the tool, with its digest. Raises SigningError."""
    plain = {key: dict(value) for key, value in inputs.items()}
    try:
        return Definition(
            name=name, description=description, inputs=plain, output_type=output_type, output_schema=output_schema,
            input_schema=input_schema(plain), digest=definition_digest(name, description, plain, output_type),
        )  # fmt: skip
    except ValidationError as error:
        raise _unmakeable(explain(error)) from error
    except ValueError as error:
        raise _unmakeable(str(error)) from error


def input_schema(inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """smolagents' inputs as JSON Schema 2020-12 of the arguments' object, as MCP wants it."""
    properties = {name: _property(schema) for name, schema in inputs.items()}
    required = [name for name, schema in inputs.items() if not schema.get("nullable")]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _property(schema: Mapping[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type", "any")
    named = [kinds] if isinstance(kinds, str) else list(kinds)
    rest = {k: v for k, v in schema.items() if k not in ("type", "nullable")}
    if "any" in named:
        return rest
    types = sorted(
        {_JSON_TYPES.get(kind, kind) for kind in named} | ({"null"} if schema.get("nullable") else set())
    )
    return {"type": types[0] if len(types) == 1 else types, **rest}


_VERSION = re.compile(r"\d+\.\d+\.\d+")
_JSON_TYPES = {"image": "string", "audio": "string"}  # handed over as a path


def build_manifest(
    *,
    repository: str,
    version: str,
    entry: str,
    files: Mapping[str, bytes],
    definition: Definition,
    effects: EffectsSection,
    checks: Checks,
    harness: Harness,
    versions: Versions,
    published_at: datetime,
    requirements: Sequence[Requirement] = (),
    source: Source | None = None,
    lifetime: timedelta | None = None,
    origin: str = "published",
) -> Manifest:
    """The manifest of these very files. Pure.

    Raises SigningError where a value cannot be vouched for, UsageError for what is no version.

    files: every published file without the manifest and its signature. lifetime: after it, readers refuse.
    """
    if not _VERSION.fullmatch(version):
        raise UsageError(f"'{version}' is no version", hint="write MAJOR.MINOR.PATCH, e.g. 1.0.0")
    try:
        predicate = ToolSafety(
            tool=ToolIdentity(repository=repository, version=version, entry=entry),
            definition=definition,
            effects=effects,
            hints=hints_of(effects),
            requirements=tuple(requirements),
            checks=checks,
            harness=harness,
            source=source or Source(),
            versions=versions,
            origin=origin,  # type: ignore[arg-type]  # pydantic refuses other words
            published_at=published_at,
            expires_at=published_at + lifetime if lifetime else None,
        )
        subject = tuple(Subject(name=n, digest=DigestSet(sha256=sha256(files[n]))) for n in sorted(files))
        return Manifest(_type=STATEMENT_TYPE, subject=subject, predicate=predicate)
    except ValidationError as error:
        raise _unmakeable(explain(error)) from error


def same_but_for_time(old: Manifest, new: Manifest) -> bool:
    """True if publishing `new` over `old` would tell a reader nothing but another time.

    How often an effect was seen, how many of its stages a busy machine got through, how many secrets it was
    lent there, and which commit held the same file are no news either. A manifest that has lived half its life
    is worth renewing.
    """
    return _timeless(old) == _timeless(new) and not _half_lived(old, new.predicate.published_at)


def _timeless(manifest: Manifest) -> dict[str, Any]:
    data = manifest.model_dump(mode="json", by_alias=True)
    predicate = data["predicate"]
    lifetime = predicate.pop("expiresAt") is not None
    del predicate["publishedAt"], predicate["source"]["commit"]
    predicate["harness"]["cases"].pop("passed")
    predicate["harness"]["canaries"].pop("planted")
    for seen in predicate["effects"]["observed"]:
        del seen["count"]
    return {**data, "expires": lifetime}


def _half_lived(manifest: Manifest, now: datetime) -> bool:
    start, end = manifest.predicate.published_at, manifest.predicate.expires_at
    return end is not None and now - start > (end - start) / 2


def hints_of(section: EffectsSection) -> Hints:
    """The MCP hints of a tool, computed from what it may do and from what nobody could resolve."""
    unresolved = any(not gap.reason_accepted for gap in section.unresolved)
    computed = fx.hints(section.granted(), unresolved=unresolved)
    return Hints(
        read_only_hint=computed.readOnlyHint,
        destructive_hint=computed.destructiveHint,
        idempotent_hint=computed.idempotentHint,
        open_world_hint=computed.openWorldHint,
    )


def _unmakeable(reason: str) -> SigningError:
    return SigningError(f"the manifest cannot be made: {reason}", hint="correct the tool and check it again")
