"""Short ways to infer from a text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from toolreg.contract import parse_module
from toolreg.infer import Inference, InferOptions, infer


@pytest.fixture
def inferred() -> Callable[..., Inference]:
    def of(source: str, options: InferOptions | None = None) -> Inference:
        module = parse_module("tool.py", textwrap.dedent(source).encode())
        return infer(module.tools[-1], options=options)

    return of


@pytest.fixture
def effects(inferred: Callable[..., Inference]) -> Callable[[str], list[str]]:
    """The effects of a text's last tool, as they are written."""
    return lambda source: [str(e) for e in inferred(source).effects]
