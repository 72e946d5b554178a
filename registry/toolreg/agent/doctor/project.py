"""What can be read off a project: its policy, its code, its tools, its packages."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.version import Version

from toolreg.agent.confining import is_confined
from toolreg.agent.doctor.finding import Finding, held
from toolreg.agent.locked import ProjectLock
from toolreg.agent.policy import AgentPolicy
from toolreg.agent.secrets import literal_secrets, looks_secret
from toolreg.agent.toolset import effects_of, facts_of, weigh
from toolreg.errors import ToolregError
from toolreg.lint import LintConfig, lint

_SKIPPED = frozenset({".venv", "venv", "node_modules", ".git", "runs", "__pycache__"})
_LARGEST = 1 << 20


def project(folder: Path, policy: AgentPolicy, agent: Any) -> Iterator[Finding]:
    """Every check that runs nothing."""
    yield from _policy(policy)
    yield from _secrets(folder)
    yield from _tools(folder, policy, agent)
    yield from versions()


def _policy(policy: AgentPolicy) -> Iterator[Finding]:
    named = ", ".join(policy.unexplained)
    yield held(
        "imports", "risky imports have a reason", not named, named or "no risky import without one",
        "explain each under [agent.reasons], or drop it",
    )  # fmt: skip
    yield held(
        "budgets", "limits are set", policy.max_steps <= 100 and policy.step_timeout <= 600,
        f"{policy.max_steps} steps, {policy.deadline:g} s, {policy.step_timeout:g} s a step",
        "at most 100 steps and 600 s for one",
    )  # fmt: skip
    if policy.tokens is None:
        yield Finding(
            "budgets", "a token budget", "warn", "none is set", "add `tokens = 200000` to toolreg.toml"
        )


def _secrets(folder: Path) -> Iterator[Finding]:
    found = [f"{path.relative_to(folder)}:{line} {what}" for path, line, what in _written(folder)]
    yield held(
        "secrets", "no key is written down", not found, "; ".join(found[:5]) or "none found",
        "read it from the environment, and replace the key: it is no secret any more",
    )  # fmt: skip
    ignored = _ignores_env(folder)
    yield held(
        "secrets", "git ignores .env", ignored, "" if ignored else ".env would be committed",
        "add `.env` to .gitignore",
    )  # fmt: skip


def _written(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for path in sorted(folder.rglob("*")):
        if _SKIPPED & set(path.relative_to(folder).parts) or not path.is_file() or path.name == ".env":
            continue
        if path.suffix not in (".py", ".toml", ".yml", ".yaml", ".json", ".md", ".example", ".cfg", ".ini"):
            continue
        if path.stat().st_size > _LARGEST:
            continue
        text = path.read_text("utf-8", errors="replace")
        yield from ((path, line, what) for line, what in _of(path, text))


def _of(path: Path, text: str) -> Iterator[tuple[int, str]]:
    if path.suffix == ".py":
        try:
            yield from literal_secrets(text)
        except (SyntaxError, ValueError, RecursionError):
            return
    else:
        for number, line in enumerate(text.splitlines(), 1):
            if looks_secret(line):
                yield number, "text of the shape of a key"


def _ignores_env(folder: Path) -> bool:
    for place in (folder, *folder.parents):
        try:
            lines = (place / ".gitignore").read_text("utf-8", errors="replace").split()
        except OSError:
            lines = []
        if {".env", "/.env", "*.env", ".env*"} & set(lines):
            return True
        if (place / ".git").exists():
            return False
    return False


def _tools(folder: Path, policy: AgentPolicy, agent: Any) -> Iterator[Finding]:
    tools = {name: tool for name, tool in agent.tools.items() if name != "final_answer"}
    free = [name for name, tool in tools.items() if effects_of(tool) is None or not is_confined(tool)]
    yield held(
        "tools", "every tool is confined", not free, ", ".join(free) or f"{len(tools)} of {len(tools)}",
        "name it under `tools` in toolreg.toml, or wrap it: toolreg.agent.confine(tool)",
    )  # fmt: skip
    verdict = weigh(facts_of(tools))
    yield held(
        "tools", "safe together", not verdict.trifecta or policy.allow_trifecta,
        "; ".join(verdict.lines()) or "none reads, listens and sends", "take one of them away",
    )  # fmt: skip
    paths = [str(folder / t) for t in policy.tools if (folder / t).exists()]
    if paths:
        yield _linted(paths)
    yield from _pinned(folder, policy)


def _pinned(folder: Path, policy: AgentPolicy) -> Iterator[Finding]:
    lock = ProjectLock(folder)
    loose = [
        t for t in policy.tools if not (folder / (t.rpartition(":")[0] or t)).exists() and not lock.find(t)
    ]
    if loose or lock.entries:
        detail = ", ".join(loose) or f"{len(lock.entries)} locked"
        yield Finding("supply chain", "published tools are pinned", "warn" if loose else "pass", detail,
                      f"toolreg add {loose[0]}" if loose else "")  # fmt: skip


def _linted(paths: list[str]) -> Finding:
    try:
        result = lint(paths, LintConfig())
    except ToolregError as error:
        return Finding("tools", "lint", "fail", str(error), error.hint)
    problems = [f for f in result.findings if not f.suppressed and f.severity == "error"]
    first = f"{problems[0].path}:{problems[0].line} {problems[0].message}" if problems else "no errors"
    return held("tools", "lint", not problems and not result.errors, first, "run `toolreg lint`")


def versions() -> Iterator[Finding]:
    """Packages with faults that matter here."""
    smolagents = _version("smolagents")
    yield held(
        "versions", "smolagents", smolagents is not None and smolagents >= Version("1.25"), str(smolagents),
        "before 1.25 a remote executor could run code here (CVE-2025-14931): upgrade",
    )  # fmt: skip
    mcp, adapter = _version("mcp"), _version("mcpadapt")
    if adapter is not None and mcp is not None and mcp >= Version("2"):
        yield Finding(
            "versions", "mcp with mcpadapt", "warn", f"mcp {mcp}, mcpadapt {adapter}",
            "smolagents' MCPClient is broken with mcp 2; use `toolreg mcp import`, or pin mcp<2",
        )  # fmt: skip
    gradio = _version("gradio_client")
    if gradio is not None and gradio >= Version("2"):
        yield Finding(
            "versions", "gradio_client", "warn", str(gradio),
            "smolagents' Tool.from_space is broken with it; use toolreg.agent.spaces.from_space",
        )  # fmt: skip


def _version(name: str) -> Version | None:
    try:
        return Version(metadata.version(name))
    except metadata.PackageNotFoundError:
        return None
