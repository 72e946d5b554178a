"""From a policy to an agent: its tools confined, its code in a sandbox, its limits set."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from smolagents import CodeAgent, LogLevel, ToolCallingAgent  # type: ignore[import-untyped]

from toolreg.agent.confining import confine_all
from toolreg.agent.executor import NAME, SandboxExecutor
from toolreg.agent.policy import AgentPolicy
from toolreg.agent.tools import open_tools
from toolreg.agent.workspace import Workspace
from toolreg.errors import UsageError
from toolreg.load import Room


def build(
    policy: AgentPolicy,
    model: Any,
    *,
    folder: Path = Path(),
    env: Mapping[str, str] | None = None,
    tools: Iterable[Any] = (),
    workspace: Path | None = None,
    **options: Any,
) -> Any:
    """A CodeAgent or ToolCallingAgent as the policy says; quiet unless `verbosity_level` is given.

    folder: where the policy's paths start. env: where declared variables of tools are looked up, by the names
    that the policy allows. tools: more of them, as objects; each is confined, see `confine`. workspace: a folder
    for files, else a temporary one. options go to the agent's class. Raises what opening a tool raises,
    SandboxUnavailable.
    """
    shared = Workspace(workspace)
    lent = {name: value for name, value in (env or {}).items() if name in policy.env}
    room = Room(workspace=str(shared.path), env=lent)
    pinned, links = _mcp_tools(policy, folder, lent, shared)
    named = open_tools(policy.tools, folder=folder, room=room, locked=policy.locked)
    every = [*named, *pinned, *confine_all(tools, room)]
    _refuse_namesakes(every)
    options.setdefault("verbosity_level", LogLevel.OFF)
    options.setdefault("max_steps", policy.max_steps)
    if policy.kind == "tool-calling":
        agent = ToolCallingAgent(every, model, **options)
    else:
        executor = _executor(policy, shared)
        agent = CodeAgent(
            every, model, executor=executor, additional_authorized_imports=list(policy.imports), **options
        )
        agent.executor_type = NAME if policy.sandbox == "local" else policy.sandbox
    agent.workspace = shared
    for link in links:
        weakref.finalize(agent, link.close)
    return agent


def _refuse_namesakes(tools: Iterable[Any]) -> None:
    names = Counter(str(tool.name) for tool in tools)
    twice = next((name for name, number in names.items() if number > 1), None)
    if twice is not None:
        raise UsageError(f"two tools are called {twice}", hint="an agent could not tell them apart")


def _mcp_tools(
    policy: AgentPolicy, folder: Path, env: Mapping[str, str], workspace: Workspace
) -> tuple[list[Any], list[Any]]:
    """Tools of the policy's servers, each as pinned in mcp.lock.json, and the conversations that carry them."""
    if not policy.mcp:
        return [], []
    from toolreg.mcp.bridge import connect
    from toolreg.mcp.lock import FILE, McpLock

    lock = McpLock.read(folder / FILE)
    tools, links = list[Any](), list[Any]()
    try:
        for target in policy.mcp:
            found, link = connect(lock.get(target), env, str(workspace.path))
            tools += found
            links.append(link)
    except BaseException:
        for link in links:
            link.close()
        raise
    return tools, links


def _executor(policy: AgentPolicy, workspace: Workspace) -> Any:
    if policy.sandbox == "local":
        return SandboxExecutor(
            policy.imports,
            step_timeout=policy.step_timeout,
            workspace=workspace,
            memory=policy.memory_mb << 20,
        )
    from toolreg.agent.boundaries import open_boundary

    where = str(workspace.path)
    return open_boundary(
        policy.sandbox,
        policy.imports,
        step_timeout=policy.step_timeout,
        workspace=where,
        network=policy.network,
    )
