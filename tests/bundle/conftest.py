"""One sandbox for all proofs of a test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from toolreg.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made
