"""What MCP registries and stores ask about tools, computed: a `server.json`, and each annotation with its grounds.

https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json; the official registry keeps
of `_meta` one key alone, at most 4,096 bytes of it:
https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/server-json/official-registry-requirements.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from toolreg.effects import Effect, hints
from toolreg.errors import UsageError
from toolreg.manifest import MANIFEST, Verified

SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
KEPT, OURS = "io.modelcontextprotocol.registry/publisher-provided", "urn:toolreg:mcp-annotations:v1"
MOST_META = 4096
_NAME = re.compile(r"(?=.{3,200}\Z)[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+")
_VERSION = re.compile(r"\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]{1,200})?")

# Each hint where it is the answer to an effect, and where nothing calls for it.
_GROUNDS = {
    "readOnlyHint": ("It may change something", "Nothing that it may do changes anything"),
    "destructiveHint": ("It may overwrite or delete", "Nothing that it may do overwrites or deletes"),
    "idempotentHint": ("A second call may change something again", "It changes nothing, however often called"),
    "openWorldHint": ("It reaches what lies outside this machine", "Nothing that it may do leaves this machine"),
}  # fmt: skip


def server_json(tools: Sequence[Verified], *, name: str = "", version: str = "") -> dict[str, Any]:
    """The `server.json` of a server that offers these tools, as JSON values; how it is started is yours to add.

    name: in reverse DNS, e.g. `io.github.acme/tools`; version: MAJOR.MINOR.PATCH. A single tool lends its own
    where none is given. Raises UsageError, also where the annotations are more than a registry keeps.
    """
    by_name = _by_name(tools)
    if len(by_name) == 1:
        identity = tools[0].manifest.predicate.tool
        name, version = name or identity.repository, version or identity.version
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        raise UsageError(
            f"a server needs a name and a version, not '{name:.100}' and '{version:.100}'",
            hint="give --name io.github.YOU/SERVER and --version 1.0.0",
        )
    return {
        "$schema": SCHEMA,
        "name": name,
        "title": _cut(", ".join(title(t) for t in by_name)),
        "description": _cut(_described(tools)),
        "version": version,
        "_meta": {KEPT: _meta(by_name)},
    }


def justified(tools: Sequence[Verified]) -> dict[str, Any]:
    """Tool → title, MCP annotations, why each is so, and what that rests on: what a store's form asks."""
    return {name: _answer(name, verified) for name, verified in _by_name(tools).items()}


def title(name: str) -> str:
    """`city_weather` → `City weather`."""
    words = name.strip("_").replace("_", " ") or name
    return words[0].upper() + words[1:]


def _answer(name: str, verified: Verified) -> dict[str, Any]:
    predicate = verified.manifest.predicate
    return {
        "title": title(name),
        "annotations": annotated(verified),
        "justification": {hint: _ground(hint, verified) for hint in _GROUNDS},
        "effects": list(predicate.effects.declared),
        "basis": f"computed from the signed manifest of {predicate.tool.repository} {predicate.tool.version}: "
        f"its declared effects cover what its code can do and what it did in {predicate.harness.cases.passed} "
        f"sandboxed cases (verdict {predicate.checks.verdict}, SHA-256 of the manifest {verified.digests[MANIFEST]})",
    }


def annotated(verified: Verified) -> dict[str, bool]:
    """The four hints, computed here and now from the effects, whatever the manifest's own hints say."""
    section = verified.manifest.predicate.effects
    return asdict(hints(section.granted(), unresolved=_open(verified)))


def _ground(hint: str, verified: Verified) -> str:
    calls_for, nothing = _GROUNDS[hint]
    causes = [str(e) for e in verified.manifest.predicate.effects.granted() if _decides(hint, e)]
    if _open(verified) and asdict(hints((), unresolved=True))[hint] != asdict(hints(()))[hint]:
        causes.append("what the reading of its code could not decide")
    return f"{calls_for}: {', '.join(causes)}." if causes else f"{nothing}."


def _decides(hint: str, effect: Effect) -> bool:
    """True if this effect alone turns the hint away from that of a tool without effects."""
    return bool(asdict(hints((effect,)))[hint] != asdict(hints(()))[hint])


def _open(verified: Verified) -> bool:
    return any(not gap.reason_accepted for gap in verified.manifest.predicate.effects.unresolved)


def _meta(by_name: dict[str, Verified]) -> dict[str, Any]:
    """Under the one key that a registry keeps, ours: tool → its annotations and the publication they are of."""
    tools = {
        name: {
            "annotations": annotated(verified),
            "of": f"{verified.manifest.predicate.tool.repository}@{verified.manifest.predicate.tool.version}",
        }
        for name, verified in by_name.items()
    }
    meta = {OURS: tools}
    size = len(json.dumps(meta, separators=(",", ":")).encode())
    if size > MOST_META:
        raise UsageError(
            f"the annotations of {len(tools)} tools are {size} bytes; a registry keeps {MOST_META}",
            hint="make servers of fewer tools, or take --annotations",
        )
    return meta


def _by_name(tools: Sequence[Verified]) -> dict[str, Verified]:
    if not tools:
        raise UsageError("there is no tool to describe", hint="name one, or lock some with `toolreg add`")
    found: dict[str, Verified] = {}
    for verified in tools:
        name = verified.manifest.predicate.definition.name
        if name in found:
            raise UsageError(f"two tools are called {name}", hint="a server offers one of a name")
        found[name] = verified
    return found


def _described(tools: Sequence[Verified]) -> str:
    """The first line of each description, or the tool's name where it says nothing."""
    said = (t.manifest.predicate.definition for t in tools)
    return " ".join(d.description.strip().partition("\n")[0] or title(d.name) for d in said)


def _cut(text: str) -> str:
    """At most 100 characters, which is what the schema takes."""
    return text if len(text) <= 100 else text[:99] + "…"
