"""A Hub in a dictionary that holds real, signed publications, and a reader beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

import pytest

from toolreg.errors import NotFound
from toolreg.load import KnownSigners, ReaderTrust, Store, TrustPolicy
from toolreg.manifest import Key, build_manifest, definition, sign, to_bytes
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import (
    Cases,
    Checks,
    EffectsSection,
    Harness,
    Isolation,
    RulePack,
    Unresolved,
    Versions,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CODE = """from smolagents import Tool


class WordCount(Tool):
    name = "word_count"
    description = "Count the words of a text."
    inputs = {"text": {"type": "string", "description": "Any text."}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split())
"""
INPUTS = {"text": {"type": "string", "description": "Any text."}}


@dataclass(frozen=True)
class Fetched:
    commit: str
    files: Mapping[str, bytes]


@dataclass
class Shelf:
    """repository → revisions. `fetch` counts how often it was asked."""

    key: Key
    revisions: dict[tuple[str, str], Fetched] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def publish(self, repository: str = "acme/word-count", version: str = "1.0.0", *, key: Key | None = None, code: str = CODE,
                effects: tuple[str, ...] = (), gaps: tuple[Unresolved, ...] = (), name: str = "word_count", inputs: Mapping[str, Any] = INPUTS, entry: str = "WordCount",
                description: str = "Count the words of a text.", output_type: str = "integer", **changes: Any) -> Fetched:  # fmt: skip
        files = {
            "tool.py": code.encode(),
            "README.md": b"---\ntitle: Tool\nsdk: static\ntags: [smolagents, tool]\n---\n# A tool\n",
            "requirements.txt": b"smolagents==1.26.0\n",
        }
        values: dict[str, Any] = {
            "repository": repository,
            "version": version,
            "entry": entry,
            "files": files,
            "definition": definition(name, description, inputs, output_type),
            "effects": EffectsSection(declared=effects, unresolved=gaps),
            "checks": Checks(
                verdict="APPROVED", rule_packs=(RulePack(name="builtin", version="0.1.0", rules=10),)
            ),
            "harness": Harness(cases=Cases(passed=1), isolation=Isolation(tier="A")),
            "versions": Versions(toolreg="0.1.0", smolagents="1.26.0", python="3.11.7"),
            "published_at": NOW,
        }
        manifest = to_bytes(build_manifest(**{**values, **changes}))
        return self.put(
            repository,
            version,
            {**files, "toolreg.json": manifest, "toolreg.json.sigstore": sign(manifest, key or self.key)},
        )

    def put(self, repository: str, version: str, files: Mapping[str, bytes]) -> Fetched:
        commit = sha1(repr(sorted(files.items())).encode(), usedforsecurity=False).hexdigest()
        fetched = Fetched(commit, {".gitattributes": b"", **files})
        for revision in ("", f"v{version}", commit):
            self.revisions[repository, revision] = fetched
        return fetched

    def fetch(self, repository: str, revision: str) -> Fetched:
        self.asked.append((repository, revision))
        if (repository, revision) not in self.revisions:
            raise NotFound(f"{repository}@{revision} is not there")
        return self.revisions[repository, revision]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(new_key())


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def known(tmp_path) -> KnownSigners:
    return KnownSigners(tmp_path / "known_signers.json")


@pytest.fixture
def trust(known) -> ReaderTrust:
    """A reader with no policy who says yes to every new signer."""
    return ReaderTrust(TrustPolicy(), known, ask=lambda signer, repository: True)  # noqa: ARG005
