from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from toolreg.sandbox import Sandbox, SandboxUnavailable, Tier
from toolreg.sandbox.targets import Targets

# Limits of the test itself, should the sandbox's own fail: no attack may hurt the machine that tests it.
_OUTER = {resource.RLIMIT_AS: 4 << 30, resource.RLIMIT_FSIZE: 512 << 20, resource.RLIMIT_NOFILE: 1024}


@pytest.fixture(scope="session", params=["A", "B"])
def tier(request: pytest.FixtureRequest) -> Tier:
    return request.param


@pytest.fixture(scope="session")
def sandbox(tier: Tier) -> Iterator[Sandbox]:
    try:
        made = Sandbox(tier=tier)
    except SandboxUnavailable as error:
        pytest.skip(f"tier {tier}: {error}")
    with made.start():
        for pid in made.pids():
            for name, value in _OUTER.items():
                resource.prlimit(pid, name, (value, value))
        yield made


@pytest.fixture(scope="session")
def targets() -> Iterator[Targets]:
    with Targets() as made:
        yield made
