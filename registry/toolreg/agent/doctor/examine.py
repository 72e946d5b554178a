"""Goes through the whole checklist for one project."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from toolreg.agent.assembly import build
from toolreg.agent.boundaries import Boundary
from toolreg.agent.doctor.behaviour import agent_cleanup, behaviour
from toolreg.agent.doctor.canaries import Bait, laid, release
from toolreg.agent.doctor.finding import Finding, held
from toolreg.agent.doctor.inside_tools import tool_canaries
from toolreg.agent.doctor.project import project
from toolreg.agent.policy import AgentPolicy
from toolreg.agent.scripted import ScriptedModel
from toolreg.errors import ConfigError, SandboxError
from toolreg.sandbox import probe

Progress = Callable[[Finding], None]
# Long enough for any canary, short enough to wait for the one that runs for ever.
_STEP_TIMEOUT = 2.0
# What is asked over a network, or of a container on a busy machine, takes its time.
_FAR_STEP_TIMEOUT = 20.0


def examine(folder: Path, on_finding: Progress | None = None) -> list[Finding]:
    """Every finding on the agent of a folder: its `agent.py`, or what its `toolreg.toml` describes.

    Raises ConfigError for a broken policy or an agent.py that does not build.
    """
    findings: list[Finding] = []
    for finding in _all(folder.resolve()):
        findings.append(finding)
        if on_finding is not None:
            on_finding(finding)
    return findings


def _all(folder: Path) -> Iterator[Finding]:
    policy = AgentPolicy.of_project(folder)
    builder = builder_of(folder, policy)
    yield from _host()
    agent = builder(ScriptedModel(["x"]))
    try:
        yield from _boundary(agent)
        yield from project(folder, policy, agent)
        with laid() as bait:
            yield from _live(agent, builder, bait)
    finally:
        agent_cleanup(agent)


def builder_of(folder: Path, policy: AgentPolicy) -> Callable[[Any], Any]:
    """`build_agent` of the folder's agent.py, or the agent that the policy describes."""
    path = folder / "agent.py"
    if not path.is_file():
        return lambda model: build(policy, model, folder=folder)
    spec = importlib.util.spec_from_file_location("toolreg_examined_agent", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        found: Callable[[Any], Any] = module.build_agent
    except Exception as error:
        raise ConfigError(
            f"agent.py does not load: {type(error).__name__}: {error}",
            path=str(path),
            hint="it must define build_agent(model)",
        ) from error
    return found


def _host() -> Iterator[Finding]:
    found = probe()
    layers = ", ".join(name for name, each in found.capabilities.items() if each.level != "absent")
    yield held(
        "host", "the sandbox can be had", found.tier is not None, f"tier {found.tier}: {layers}", found.hint
    )


def _boundary(agent: Any) -> Iterator[Finding]:
    executor = getattr(agent, "python_executor", None)
    if executor is None:
        yield Finding("isolation", "where code runs", "pass", "this agent runs no code")
        return
    named = getattr(executor, "boundary", None)
    hint = "LocalPythonExecutor is no boundary: pass executor=SandboxExecutor()"
    if named == "":
        hint = "mend what the check of the host names above; until then no code runs"
    detail = named or ("nothing here can hold it" if named == "" else type(executor).__name__)
    yield held("isolation", "where code runs", bool(named), detail, hint)


def _live(agent: Any, builder: Callable[[Any], Any], bait: Bait) -> Iterator[Finding]:
    """What is tried for real. Where nothing can be run, nothing has held: that is one failure, and no pass."""
    try:
        start = getattr(getattr(agent, "python_executor", None), "start", None)
        if start is not None:
            start()
        yield from _canaries(agent, bait)
        yield from tool_canaries(bait)
        agent_cleanup(agent)
        yield from behaviour(builder, bait.secret)
    except SandboxError as error:
        yield Finding("isolation", "live canaries", "fail", f"nothing could be tried: {error}", error.hint)


def _canaries(agent: Any, bait: Any) -> Iterator[Finding]:
    executor = getattr(agent, "python_executor", None)
    if executor is None:
        yield Finding("isolation", "live canaries", "skip", "this agent runs no code")
        return
    executor.send_variables({})
    executor.send_tools(dict(agent.tools))
    local = not isinstance(executor, Boundary)
    wanted = _STEP_TIMEOUT if local else _FAR_STEP_TIMEOUT
    timeout = min(wanted, getattr(executor, "step_timeout", wanted))
    if hasattr(executor, "step_timeout"):
        executor.step_timeout = timeout
    yield from release(executor, bait, getattr(executor, "print_limit", 50_000), timeout, alone=not local)
