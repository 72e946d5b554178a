"""Adapters: each peer scans a folder offline, with its own defaults, and names the files it complains of.

None of them runs the tools it scans.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_FILE = re.compile(r"tool_\d{4}(?=\.py|\b)")


@dataclass(frozen=True)
class Said:
    """What a scanner says of a folder. flagged: files with a finding. unsure: files it says it could not decide."""

    flagged: frozenset[str]
    unsure: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Peer:
    """A scanner: its program, arguments with {folder} and {site}, and how to read what it prints.

    alone: it names at most so many places of a finding, so each tool is scanned as a package of its own.
    laid: makes what it reads of the folder of tools, e.g. a skill for each; gives its place.
    """

    name: str
    program: str
    arguments: tuple[str, ...]
    read: Callable[[Any], Said]
    alone: bool = False
    laid: Callable[[Path], Path] | None = None


@cache
def outputs(
    program: Path, arguments: tuple[str, ...], folder: Path, alone: bool
) -> tuple[tuple[Any, ...], float]:
    """What a program prints of a folder, or of each file of it alone, and the seconds that took."""
    started = time.perf_counter()
    folders = _each_alone(folder) if alone else [folder]
    with ThreadPoolExecutor(2 if alone else 1) as pool:
        said = tuple(pool.map(lambda one: _output(program, arguments, one), folders))
    return said, time.perf_counter() - started


def program_of(peer: Peer, programs: Iterable[Path]) -> Path | None:
    """Its program in the first of some folders that has it."""
    places = (folder.absolute() / peer.program for folder in programs)
    return next((place for place in places if place.exists()), None)


def run(peer: Peer, program: Path, folder: Path) -> tuple[Said, float]:
    """What a peer says of the tools in a folder, and the seconds it took. Raises ValueError where it printed no JSON."""
    place = peer.laid(folder) if peer.laid else folder
    site = next(program.parent.parent.glob("lib/python*/site-packages"), Path())
    arguments = tuple(a.replace("{site}", str(site)) for a in peer.arguments)
    said, seconds = outputs(program, arguments, place, peer.alone)
    parts = [peer.read(data) for data in said]
    return Said(
        frozenset().union(*(p.flagged for p in parts)), frozenset().union(*(p.unsure for p in parts))
    ), seconds


def _each_alone(folder: Path) -> list[Path]:
    """A package for every tool, beside the folder."""
    made = []
    for file in sorted(folder.rglob("*.py")):
        package = folder.parent / "alone" / file.stem
        (package / "tools").mkdir(parents=True, exist_ok=True)
        (package / "tools" / file.name).write_bytes(file.read_bytes())
        made.append(package)
    return made


def _skills(folder: Path) -> Path:
    """A skill for every tool, beside the folder: its description says no more than its name."""
    made = folder.parent / "skills"
    for file in sorted(folder.rglob("*.py")):
        skill = made / file.stem
        (skill / "scripts").mkdir(parents=True, exist_ok=True)
        (skill / "scripts" / file.name).write_bytes(file.read_bytes())
        name = file.stem.replace("_", "-")
        head = (
            f"---\nname: {name}\nlicense: MIT\ndescription: A tool for agents that is called {name}.\n---\n"
        )
        (skill / "SKILL.md").write_text(f"{head}\nRun `scripts/{file.name}`.\n")
    return made


def _listing(folder: Path) -> Path:
    """What an MCP server of these tools would list, beside the folder: names and docstrings, no code."""
    tools = [
        {
            "name": file.stem,
            "description": _docstring(file),
            "inputSchema": {"type": "object", "properties": {}},
        }
        for file in sorted(folder.rglob("*.py"))
    ]
    made = folder.parent / "tools.json"
    made.write_text(json.dumps({"tools": tools}))
    return made


def _docstring(file: Path) -> str:
    bodies = (n for n in ast.parse(file.read_text()).body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    return "\n".join(filter(None, map(ast.get_docstring, bodies)))


def _output(program: Path, arguments: tuple[str, ...], folder: Path) -> Any:
    command = [str(program), *(a.format(folder=folder) for a in arguments)]
    quiet = {**os.environ, "SEMGREP_ENABLE_VERSION_CHECK": "0", "SEMGREP_SEND_METRICS": "off"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1800, check=False, cwd=folder.parent, env=quiet
    )
    start = min((i for i in (done.stdout.find("{"), done.stdout.find("[")) if i >= 0), default=-1)
    if start < 0:
        raise ValueError(f"{program.name} printed no JSON: {done.stderr[-200:]}")
    if done.stdout[start:].startswith("{") and "\n{" in done.stdout:  # a value a line
        return [json.loads(line) for line in done.stdout[start:].splitlines() if line.startswith("{")]
    return json.JSONDecoder().raw_decode(done.stdout[start:])[0]


def _names(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{m[0]}.py" for text in texts if (m := _FILE.search(text)))


def _bandit(*levels: str) -> Callable[[Any], Said]:
    return lambda data: Said(_names(r["filename"] for r in data["results"] if r["issue_severity"] in levels))


def _guarddog(data: Any) -> Said:
    matches = [m for found in data["results"].values() if isinstance(found, list) for m in found]
    return Said(_names(m["location"] for m in matches))


def _guarddog_risks(data: Any) -> Said:
    return Said(_names(r["file_path"] for r in data["risks"]))


def _skilltotal(*severities: str) -> Callable[[Any], Said]:
    # ST-MCP-DETECTED says only that there is a tool.
    def read(data: Any) -> Said:
        found = [f for f in data["findings"] if f["severity"] in severities and f["id"] != "ST-MCP-DETECTED"]
        unsure = [e.get("file", "") for item in data["needs_review"] for e in item.get("evidence", ())]
        return Said(_names(e["file"] for f in found for e in f["evidence"]), _names(unsure))

    return read


def _scopecheck(data: Any) -> Said:
    scan = data["runs"][0]
    flagged = _names(
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in scan["results"]
    )
    partial = scan["invocations"][0]["properties"]["scopecheck"]["completeness"]["status"] != "complete"
    return Said(flagged, _names([scan["properties"]["scopecheck"]["target"]]) if partial else frozenset())


def _diplomat(data: Any) -> Said:
    return Said(_names(f["file"] for f in data["findings"]))


def _skill_scanner(*severities: str) -> Callable[[Any], Said]:
    def read(data: Any) -> Said:
        found = (f for skill in data["results"] for f in skill["findings"])
        return Said(_names(f["file_path"] or "" for f in found if f["severity"] in severities))

    return read


def _hexora(*confidences: str) -> Callable[[Any], Said]:
    return lambda data: Said(_names(f["path"] for f in data if f["confidence"] in confidences))


def _codeaudit(data: Any) -> Said:
    return Said(_names(f["filename"] for f in data["files_data"] if f["num_issues"]))


def _mcp_scanner(data: Any) -> Said:
    return Said(_names(row["tool_name"] for row in data if not row["is_safe"]))


def _semgrep(*severities: str) -> Callable[[Any], Said]:
    return lambda data: Said(
        _names(r["path"] for r in data["results"] if r["extra"]["severity"] in severities)
    )


_BANDIT_ARGUMENTS = ("-q", "-r", "-f", "json", "{folder}")
_GUARDDOG_ARGUMENTS = ("pypi", "scan", "{folder}", "--no-sandbox", "--output-format", "json")
_SKILLTOTAL_ARGUMENTS = ("scan", "{folder}", "--json")
_SKILL_SCANNER_ARGUMENTS = ("scan-all", "{folder}", "--recursive", "--format", "json")
_SEMGREP_ARGUMENTS = ("scan", "--json", "--quiet", "--no-git-ignore", "--config", "{site}/mcp_redteam/rules/python", "{folder}")  # fmt: skip
_HEXORA_ARGUMENTS = ("audit", "{folder}", "--output-format", "json")
_MCP_SCANNER_ARGUMENTS = ("--analyzers", "yara", "--raw", "static", "--tools", "{folder}")
PEERS = (
    Peer("bandit", "bandit", _BANDIT_ARGUMENTS, _bandit("LOW", "MEDIUM", "HIGH")),
    Peer("bandit, medium and high", "bandit", _BANDIT_ARGUMENTS, _bandit("MEDIUM", "HIGH")),
    Peer("guarddog, any rule", "guarddog", _GUARDDOG_ARGUMENTS, _guarddog, alone=True),
    Peer("guarddog, risks", "guarddog", _GUARDDOG_ARGUMENTS, _guarddog_risks, alone=True),
    Peer(
        "skilltotal, any finding",
        "skilltotal",
        _SKILLTOTAL_ARGUMENTS,
        _skilltotal("low", "medium", "high", "critical"),
        alone=True,
    ),
    Peer(
        "skilltotal, high", "skilltotal", _SKILLTOTAL_ARGUMENTS, _skilltotal("high", "critical"), alone=True
    ),
    Peer(
        "mcp-scopecheck",
        "mcp-scopecheck",
        ("audit", "{folder}", "--format", "sarif"),
        _scopecheck,
        alone=True,
    ),
    Peer(
        "cisco skill-scanner, any finding",
        "skill-scanner",
        _SKILL_SCANNER_ARGUMENTS,
        _skill_scanner("LOW", "MEDIUM", "HIGH", "CRITICAL"),
        laid=_skills,
    ),
    Peer(
        "cisco skill-scanner, high",
        "skill-scanner",
        _SKILL_SCANNER_ARGUMENTS,
        _skill_scanner("HIGH", "CRITICAL"),
        laid=_skills,
    ),
    Peer(
        "semgrep, rules of redteam-mcp", "semgrep", _SEMGREP_ARGUMENTS, _semgrep("INFO", "WARNING", "ERROR")
    ),
    Peer("semgrep, rules of redteam-mcp, errors", "semgrep", _SEMGREP_ARGUMENTS, _semgrep("ERROR")),
    Peer(
        "hexora, any confidence",
        "hexora",
        _HEXORA_ARGUMENTS,
        _hexora("very_low", "low", "medium", "high", "very_high"),
    ),
    Peer("hexora, high confidence", "hexora", _HEXORA_ARGUMENTS, _hexora("high", "very_high")),
    Peer("codeaudit", "codeaudit", ("cimode", "{folder}", "--output", "json"), _codeaudit),
    Peer("cisco mcp-scanner, YARA", "mcp-scanner", _MCP_SCANNER_ARGUMENTS, _mcp_scanner, laid=_listing),
    Peer("diplomat-agent", "diplomat-agent", ("{folder}", "--format", "json"), _diplomat),
)
