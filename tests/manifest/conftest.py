"""A small real publication to build on: every test changes one thing in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from toolreg.manifest import Key, Manifest, build_manifest, definition, sign, to_bytes
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import (
    Cases,
    Checks,
    EffectsSection,
    Evidence,
    Harness,
    Inferred,
    Isolation,
    Observed,
    RulePack,
    Source,
    Versions,
)

TOOL = b"""from smolagents import Tool


class WordCount(Tool):
    name = "word_count"
    description = "Count the words of a text."
    inputs = {"text": {"type": "string", "description": "Any text."}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split())
"""
FILES = {
    "tool.py": TOOL,
    "requirements.txt": b"smolagents==1.26.0\n",
    "README.md": b"# word_count\n",
    "index.html": b"<p>\n",
}


@pytest.fixture
def make() -> Callable[..., Manifest]:
    """Builds the manifest of FILES; keyword arguments replace its parts."""

    def build(**changes: Any) -> Manifest:
        parts: dict[str, Any] = {
            "repository": "acme/word-count",
            "version": "1.0.0",
            "entry": "WordCount",
            "files": FILES,
            "definition": definition(
                "word_count",
                "Count the words of a text.",
                {"text": {"type": "string", "description": "Any text."}},
                "integer",
            ),
            "effects": EffectsSection(
                declared=("net:api.example.com",),
                inferred=(
                    Inferred(
                        effect="net:api.example.com",
                        evidence=(Evidence(path="tool.py", line=9, via=("forward",)),),
                    ),
                ),
                observed=(Observed(effect="net:api.example.com", count=2),),
            ),
            "checks": Checks(
                verdict="APPROVED", rule_packs=(RulePack(name="builtin", version="0.1.0", rules=10),)
            ),
            "harness": Harness(
                cases=Cases(passed=2), isolation=Isolation(tier="kernel", layers={"network": "namespace"})
            ),
            "versions": Versions(toolreg="0.1.0", smolagents="1.26.0", python="3.11.7"),
            "source": Source(path="tools/word_count.py", commit="a" * 40),
            "published_at": datetime(2026, 11, 22, 11, tzinfo=UTC),
        }
        return build_manifest(**{**parts, **changes})

    return build


@pytest.fixture
def key() -> Key:
    return new_key()


@pytest.fixture
def published(make: Callable[..., Manifest], key: Key) -> dict[str, bytes]:
    """Every file of the publication, manifest and signature too."""
    manifest = to_bytes(make())
    return {**FILES, "toolreg.json": manifest, "toolreg.json.sigstore": sign(manifest, key)}
