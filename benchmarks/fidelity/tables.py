"""What the fidelity benchmark prints and writes: one line a tool, a table a group, every refusal by its reason."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

STAGES = ("constructs", "saves", "loads the same", "same results", "requirements right")
_PLACE = re.compile(r"^\S+\.py(:\d+)?: ")


@dataclass
class Row:
    """How far a tool came, on each side; `why` says where it stopped. called: its results were compared, not its definition alone."""

    name: str
    group: str
    stock: dict[str, bool] = field(default_factory=dict)
    ours: dict[str, bool] = field(default_factory=dict)
    stock_why: str = ""
    ours_why: str = ""
    silent: bool = False
    called: bool = False

    @property
    def reached(self) -> list[str]:
        """The last stage of each side."""
        sides = (self.stock, self.ours)
        return [next((s for s in reversed(STAGES) if side.get(s)), "nothing") for side in sides]


def line(row: Row) -> str:
    return f"  {row.name[:48]:48}  {row.reached[0]:20} {row.reached[1]:20} {row.ours_why[:90]}"


def tables(rows: list[Row]) -> str:
    """A Markdown table for each group."""
    groups = dict.fromkeys(r.group for r in rows)
    return "\n\n".join("\n".join(_table(g, [r for r in rows if r.group == g])) for g in groups)


def results(rows: list[Row], command: str) -> str:
    """The text of RESULTS.md."""
    versions = ", ".join(f"{n} {importlib.metadata.version(n)}" for n in ("smolagents", "huggingface_hub"))
    machine = f"{os.cpu_count()}-core {platform.system()} VM, Python {platform.python_version()}"
    head = (
        "# What the fidelity benchmark measured\n\n"
        f"{date.today().isoformat()}, {machine}, {versions}.\n\n    {command}\n\n"
        "Real tools get one call each, with a plain value for every input, in a sandbox without any grant: most end in the\n"
        "same exception on both sides. Packages that are not installed are stand-ins on both sides, and so are the\n"
        "environment variables that a file asks for.\n\n"
    )
    return head + tables(rows) + "\n\n" + "\n".join(_refusals(rows)) + "\n"


def _table(group: str, rows: list[Row]) -> Iterator[str]:
    building = [r for r in rows if r.stock.get("constructs")]
    yield f"## {group[:1].upper()}{group[1:]}"
    told = f"{len(rows)} tools, {len(building)} of which construct with smolagents itself"
    yield f"{told}; results compared for {sum(r.called for r in rows)}.\n"
    yield "| | smolagents | toolreg | toolreg, of those that construct |\n|---|---|---|---|"
    for stage in STAGES:
        if stage == "requirements right" and not any(stage in r.ours for r in rows):
            continue
        count = Counter(side for r in rows for side in ("stock", "ours") if getattr(r, side).get(stage))
        among = sum(bool(r.ours.get(stage)) for r in building)
        yield f"| {stage} | {count['stock']} | {count['ours']} | {among} of {len(building)} |"
    yield f"| silently different | {sum(r.silent for r in rows)} | 0: a difference is refused | |"


def _refusals(rows: list[Row]) -> Iterator[str]:
    """Every tool that is not published, by its reason."""
    yield "## Not published, by reason\n"
    refused = [r for r in rows if not r.ours.get("loads the same")]
    by_reason: dict[tuple[str, str], list[str]] = {}
    for row in refused:
        by_reason.setdefault((row.group, _reason(row)), []).append(row.name)
    for (group, reason), names in sorted(by_reason.items(), key=lambda item: (item[0][0], -len(item[1]))):
        shown = ", ".join(f"`{n}`" for n in names[:4]) + (
            f" and {len(names) - 4} more" if len(names) > 4 else ""
        )
        yield f"* {group}: {len(names)} × {reason} ({shown})"
    if not refused:
        yield "None."


def _reason(row: Row) -> str:
    text = _PLACE.sub("", row.ours_why).splitlines()[0]
    text = re.sub(r"^'[^']*'(:| cannot be made self-contained:) ", "", text)
    text = re.sub(r"uses '\w+', which \w+\(\) is given", "uses what the function around it is given", text)
    text = re.sub(r"smolagents; \(and \d+ more\)| \(and \d+ more\)", "", text)
    return re.sub(r"\S*/(?=[^/\s]+\.py)", "", text)
