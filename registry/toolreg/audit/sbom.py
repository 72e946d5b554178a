"""A published tool as a CycloneDX 1.6 bill of materials: its files, what it needs, what it does to the world.

https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from toolreg.manifest import MANIFEST, SIGNATURE, Verified
from toolreg.manifest.model import Requirement

SPEC = "1.6"
# Versions are made of the manifest's digest, so the same publication has the same serial number for ever.
_NAMESPACE = uuid.UUID("6f4ab5a4-8a49-5ea9-8d50-9f6d39f2f10d")
_PINNED = re.compile(r"==\s*([^\s,;*]+)\Z")


def cyclonedx(verified: Verified, *, commit: str = "") -> dict[str, Any]:
    """The bill of a verified publication, as JSON values. commit: the one it was fetched at, where known."""
    predicate = verified.manifest.predicate
    ref = f"tool:{predicate.tool.repository}@{predicate.tool.version}"
    needs = [_library(requirement) for requirement in predicate.requirements]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, verified.digests[MANIFEST])}",
        "version": 1,
        "metadata": {
            "timestamp": predicate.published_at.isoformat(),
            "tools": {
                "components": [
                    {"type": "application", "name": "toolreg", "version": predicate.versions.toolreg}
                ]
            },
            "component": _tool(verified, ref, commit),
        },
        "components": [*needs, *_files(verified)],
        "dependencies": [
            {"ref": ref, "dependsOn": [need["bom-ref"] for need in needs]},
            *({"ref": need["bom-ref"]} for need in needs),
        ],
    }


def _tool(verified: Verified, ref: str, commit: str) -> dict[str, Any]:
    predicate = verified.manifest.predicate
    namespace, _, name = predicate.tool.repository.partition("/")
    found: dict[str, Any] = {
        "type": "application",
        "bom-ref": ref,
        "group": namespace,
        "name": name,
        "version": predicate.tool.version,
        "description": predicate.definition.description,
        "properties": _properties(verified, commit),
    }
    return found


def _properties(verified: Verified, commit: str) -> list[dict[str, str]]:
    predicate = verified.manifest.predicate
    hints = predicate.hints.model_dump(by_alias=True)
    pairs = [
        ("verdict", predicate.checks.verdict),
        ("signer", str(verified.signer)),
        *(("commit", c) for c in [commit] if c),
        *(("effect:declared", e) for e in predicate.effects.declared or ("none",)),
        *(("effect:inferred", i.effect) for i in predicate.effects.inferred),
        *(("effect:observed", e) for e in sorted({o.effect for o in predicate.effects.observed})),
        *(("effect:unresolved", f"{u.path}:{u.line} {u.reason}") for u in predicate.effects.unresolved),
        *((f"mcp:{name}", str(value).lower()) for name, value in hints.items()),
    ]
    return [{"name": f"toolreg:{name}", "value": value} for name, value in pairs]


def _library(requirement: Requirement) -> dict[str, Any]:
    pinned = _PINNED.search(requirement.specifier)
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    purl = f"pkg:pypi/{name}" + (f"@{pinned[1]}" if pinned else "")
    found: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": requirement.name, "purl": purl}
    if pinned:
        found["version"] = pinned[1]
    if requirement.hashes:
        found["hashes"] = [_hash(digest.removeprefix("sha256:")) for digest in requirement.hashes]
    return found


def _files(verified: Verified) -> list[dict[str, Any]]:
    return [
        {"type": "file", "bom-ref": f"file:{name}", "name": name, "hashes": [_hash(digest)]}
        for name, digest in verified.digests.items()
        if name != SIGNATURE
    ]


def _hash(digest: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": digest}
