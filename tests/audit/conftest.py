"""Rows and whole audits to make pages from, and signed publications; nothing here judges anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from toolreg.audit.journal import Journal
from toolreg.audit.report import write_results
from toolreg.manifest import (
    MANIFEST,
    SIGNATURE,
    Anyone,
    Key,
    Manifest,
    Verified,
    build_manifest,
    definition,
    examine,
    sign,
    to_bytes,
)
from toolreg.manifest.model import Cases, Checks, EffectsSection, Harness, Isolation, RulePack, Versions

Row = dict[str, Any]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Makers of rows and audits."""
    return SimpleNamespace(
        tool=make_tool,
        finding=finding,
        finished=finished,
        many=many,
        manifest=make_manifest,
        signed=signed,
        checks=approved,
        now=NOW,
    )


def approved(**changes: Any) -> Checks:
    """The checks of a tool that nine rules judged."""
    return Checks(
        **{"verdict": "APPROVED", "rule_packs": (RulePack(name="builtin", version="1", rules=9),), **changes}
    )


def make_manifest(
    name: str = "web_page", about: str = "Read a page.", declared: tuple[str, ...] = (), **changes: Any
) -> Manifest:
    """The manifest of an approved tool of acme's, of one file."""
    values: dict[str, Any] = {
        "repository": f"acme/{name.replace('_', '-')}",
        "version": "1.2.0",
        "entry": name.title().replace("_", ""),
        "files": {"tool.py": b"x = 1\n"},
        "definition": definition(name, about, {}, "string"),
        "effects": EffectsSection(declared=declared),
        "checks": approved(),
        "harness": Harness(cases=Cases(passed=3), isolation=Isolation(tier="A")),
        "versions": Versions(toolreg="0.1.0", smolagents="1.26.0", python="3.11"),
        "published_at": NOW,
    }
    return build_manifest(**{**values, **changes})


def signed(manifest: Manifest, files: dict[str, bytes], key: Key) -> Verified:
    """What a reader makes of these files and that manifest under a signature of `key`."""
    data = to_bytes(manifest)
    return examine({**files, MANIFEST: data, SIGNATURE: sign(data, key)}, Anyone(), now=NOW)


def make_tool(name: str = "city_weather", **changes: Any) -> Row:
    row: Row = {
        "tool": name,
        "path": f"tools/{name}.py",
        "line": 5,
        "sha256": "ab" * 32,
        "origin": {},
        "summary": "Forecast the weather of a city.",
        "description": "Forecast the weather of a city.\n\nSide effects:\n    net: api.open-meteo.com",
        "inputs": {"city": {"type": "string", "description": "City name, e.g. Paris."}},
        "output_type": "object",
        "verdict": "INCOMPLETE",
        "tried": False,
        "clean": True,
        "reasons": [{"line": 5, "text": "was not tried", "hint": ""}],
        "declared": ["net:api.open-meteo.com"],
        "inferred": [evidence("net:api.open-meteo.com", 12, "requests.get(URL, timeout=9)")],
        "unresolved": [],
        "open": 0,
        "observed": [],
        "undeclared": [],
        "hints": dict.fromkeys(("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"), False),
        "findings": {"error": 0, "warning": 0, "info": 0, "suppressed": 0},
        "requirements": ["requests==2.32.5"],
        "refusals": [],
        "cases": None,
    }
    return {**row, **changes}


def evidence(effect: str, line: int, code: str) -> Row:
    return {"effect": effect, "line": line, "file": "", "via": ["city_weather", "requests.get"], "code": code}


def finding(tool: Row, code: str = "TRG501", severity: str = "error", message: str = "waits for ever") -> Row:
    place = {"path": tool["path"], "line": 12, "column": 5, "end_line": 12, "end_column": 9}
    return {
        **place,
        "code": code,
        "name": "no-timeout",
        "message": message,
        "severity": severity,
        "tool": tool["tool"],
    }


def finished(folder: Path, tools: Iterable[Row], findings: Callable[[Row], list[Row]] = lambda _: []) -> Path:
    """A folder as a whole audit leaves it."""
    journal = Journal(folder)
    count = 0
    for count, tool in enumerate(tools, 1):  # counted
        journal.write(
            {"key": f"{count:032x}", "path": tool["path"], "tools": [tool], "findings": findings(tool)}
        )
    facts = {
        "target": "tools",
        "options": {"check": False},
        "files": count,
        "files_without_tools": 0,
        "judged": count,
    }
    write_results(journal.finish(), folder, facts | {"carried_over": 0})
    return folder


def many(count: int) -> Iterator[Row]:
    """Tools of many kinds, all different."""
    kinds = ("net:api.example.com", "read:{path}", "write:notes/*.md", "run:git", "env:API_KEY", "code:*")
    for number in range(count):
        effect = kinds[number % 6] if number % 7 else ""
        host = f"net:api{number % 90}.example.org"
        effects = [e for e in (effect, host if number % 3 == 0 else "") if e]
        blocked = number % 11 == 0
        yield make_tool(
            f"tool_{number:05d}",
            path=f"team{number % 40}/tool_{number:05d}.py",
            summary=f"Do useful thing number {number}, with care.",
            declared=effects[:1] if number % 5 else None,
            inferred=[evidence(e, 10 + n, f"call({e!r})") for n, e in enumerate(effects)],
            undeclared=effects[1:],
            verdict="BLOCKED" if blocked else "APPROVED" if number % 2 else "INCOMPLETE",
            clean=not blocked and not number % 2,
            tried=bool(number % 2),
            observed=effects[:1] if number % 2 else [],
            reasons=[{"line": 9, "text": f"can do {host}, which it does not declare", "hint": "declare it"}]
            if blocked
            else [],
        )
