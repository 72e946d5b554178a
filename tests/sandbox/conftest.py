from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Limits, Observation, Policy, Sandbox, SandboxUnavailable, Tier

Run = Callable[..., Observation]


@pytest.fixture(scope="session", params=["A", "B"])
def tier(request: pytest.FixtureRequest) -> Tier:
    return request.param


@pytest.fixture(scope="session")
def sandbox(tier: Tier) -> Iterator[Sandbox]:
    try:
        made = Sandbox(tier=tier)
    except SandboxUnavailable as error:
        pytest.skip(f"tier {tier}: {error}")
    with made:
        yield made


@pytest.fixture
def longest() -> float:
    """Seconds that a call may take where its test does not say."""
    return 10


@pytest.fixture
def run(sandbox: Sandbox, longest: float) -> Run:
    """Run a function body as a tool: `run("return 1", "read: x", workspace=…)`."""

    def call(
        body: str,
        *effects: str,
        arguments: dict[str, Any] | None = None,
        wall: float = longest,
        **policy: Any,
    ) -> Observation:
        names = ", ".join(arguments or {})
        code = f"import os\ndef probe({names}):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        policy.setdefault("limits", Limits(wall=wall, cpu=8))
        granted = Policy(tuple(Effect.parse(effect) for effect in effects), **policy)
        return sandbox.call(code.encode(), CallTool("probe", arguments or {}), granted)

    return call


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with a.txt, data/one.csv, data/two.csv and private/key."""
    folder = tmp_path / "workspace"
    for name, text in {
        "a.txt": "alpha",
        "data/one.csv": "1",
        "data/two.csv": "2",
        "private/key": "secret",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
