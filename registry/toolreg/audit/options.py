"""What an audit is asked to do with each file; plain values, so that any engine can carry them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from toolreg import __version__

SURVEY = 0.05


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """check: try every tool in the sandbox. seconds: of processor time for the stages of each. packs: rule packs besides the built-in one.

    select, ignore: rule codes or their beginnings, as for lint; `ALL` is every rule.
    """

    check: bool = False
    packs: tuple[str, ...] = ()
    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    seconds: float = SURVEY

    @property
    def digest(self) -> str:
        """Names these options and this toolreg: a judgement under others is not carried over."""
        tried = f"{self.check} {self.seconds}" if self.check else str(self.check)
        parts = [__version__, tried, *_packs(self.packs), "|", *self.select, "|", *self.ignore]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def _packs(names: tuple[str, ...]) -> tuple[str, ...]:
    """Name and version of each pack; asking for versions reads every installed distribution."""
    if not names:
        return ()
    from importlib.metadata import entry_points

    versions = {p.name: p.dist.version for p in entry_points(group="toolreg.rules") if p.dist}
    return tuple(f"{name}=={versions.get(name, '')}" for name in names)
