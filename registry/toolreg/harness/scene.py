"""One stage on which a tool is tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toolreg.contract import Example


@dataclass(frozen=True, slots=True)
class Scene:
    """One stage. examples: what its sources must print; () if anything will do. kind: what a report counts it as.

    setting: as `inside.enter` takes it, the tool is loaded anew; None leaves everything as it is. lead: how many
    sources come before those of the examples. remembers: a text of the first source, which no later one may show.
    """

    title: str
    setting: Mapping[str, Any] | None = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    kind: str = ""
    lead: int = 0
    remembers: str = ""
