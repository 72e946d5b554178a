"""A Hub per test, with its caches and storage below a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from toolreg.hub.client import Hub
from toolreg.hub.server import running

TOOL = b'''from smolagents import Tool


class WordCount(Tool):
    """Count the words of a text.

    Side effects: none
    """

    name = "word_count"
    description = "Count the words of a text."
    inputs = {"text": {"type": "string", "description": "Any text."}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split())

    def __init__(self, *args, **kwargs):
        super().__init__()
'''
CARD = b"---\ntitle: Word count\nsdk: static\ntags:\n- smolagents\n- tool\n---\n\n# Word count\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "hub"


@pytest.fixture
def endpoint(root: Path) -> Iterator[str]:
    with running(root) as address:
        yield address


@pytest.fixture
def hub(endpoint: str) -> Hub:
    return Hub(endpoint)


@pytest.fixture
def files() -> dict[str, bytes]:
    return {
        "tool.py": TOOL,
        "README.md": CARD,
        "index.html": b"<!doctype html><title>Word count</title>\n",
        "requirements.txt": b"smolagents==1.26.0\n",
    }


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Start a Hub with options of one's own; it ends with the test."""
    with ExitStack() as stack:
        yield lambda root, **options: stack.enter_context(running(root, **options))
