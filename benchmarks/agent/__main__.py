"""What a step costs: `python benchmarks/agent [--runs N] [--json]`. One table; nothing is installed or fetched.

A scripted run of 20 steps with one tool call each, per step and from nothing to the first answer, for smolagents'
LocalPythonExecutor, for SandboxExecutor, and for DockerExecutor where Docker runs; and ten agents at once.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

from smolagents import CodeAgent, LogLevel, tool
from smolagents.local_python_executor import LocalPythonExecutor

from toolreg.agent import SandboxExecutor, ScriptedModel
from toolreg.agent.scripted import code
from toolreg.errors import ToolregError

Make = Callable[[], Any]

STEPS = 20
AGENTS = 10
TARGET_STEP, TARGET_START = 3.0, 60.0


@tool
def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: One number.
        b: Another.
    """
    return a + b


def local() -> Any:
    return LocalPythonExecutor([])


def sandbox() -> Any:
    return SandboxExecutor()


def docker() -> Any:
    from toolreg.agent.boundaries import open_boundary

    return open_boundary("docker", step_timeout=60)


def start(make: Make, *, with_tools: bool = True) -> float:
    """Milliseconds from no executor to the result of its first line of code."""
    begin = time.perf_counter()
    executor = make()
    executor.send_variables({})
    executor.send_tools({"add": add} if with_tools else {})
    executor("1 + 1")
    spent = (time.perf_counter() - begin) * 1000
    end(executor)
    return spent


def step(make: Make, *, with_tools: bool = True) -> float:
    """Milliseconds for one step of a whole agent, the scripted model and smolagents' own work included."""
    line = "total = add(total, 1)" if with_tools else "total = total + 1"
    replies = [code("total = 0"), *[code(line)] * (STEPS - 2), code("final_answer(total)")]
    tools = [add] if with_tools else []
    agent = CodeAgent(
        tools, ScriptedModel(replies), executor=make(), max_steps=STEPS + 1, verbosity_level=LogLevel.OFF
    )
    agent.python_executor.send_tools({})
    agent.python_executor("1")
    begin = time.perf_counter()
    answer = agent.run("count")
    spent = (time.perf_counter() - begin) * 1000 / STEPS
    end(agent.python_executor)
    if str(answer) != str(STEPS - 2):
        raise SystemExit(f"the run went wrong: {answer}")
    return spent


def at_once(make: Make) -> float:
    """Milliseconds until AGENTS agents, started together, have all ended their run."""
    threads = [threading.Thread(target=step, args=(make,)) for _ in range(AGENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - begin) * 1000


def end(executor: Any) -> None:
    if hasattr(executor, "cleanup"):
        executor.cleanup()


def docker_runs() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def measure(makers: dict[str, Make], runs: int, *, with_tools: bool = True) -> dict[str, dict[str, float]]:
    """Medians and bests of each, taken in turns: whatever else this machine does meets them all alike."""
    starts: dict[str, list[float]] = {name: [] for name in makers}
    steps: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(runs):
        for name, make in makers.items():
            starts[name].append(start(make, with_tools=with_tools))
            steps[name].append(step(make, with_tools=with_tools))
    return {
        name: {
            "start": statistics.median(starts[name]),
            "start_best": min(starts[name]),
            "step": statistics.median(steps[name]),
            "step_best": min(steps[name]),
        }
        for name in makers
    }


def measure_docker(runs: int) -> tuple[dict[str, dict[str, float]], str]:
    """The figures, or why there are none: no engine, no image."""
    if not docker_runs():
        return {}, "no Docker here"
    try:
        return measure({"DockerExecutor": docker}, runs, with_tools=False), ""
    except ToolregError as error:
        return {}, str(error)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    start(sandbox)  # the first pays for imports and for trying what this machine can do
    found = measure({"LocalPythonExecutor": local, "SandboxExecutor": sandbox}, given.runs)
    of_docker, without = measure_docker(max(1, given.runs // 5))
    found |= of_docker
    together = {"LocalPythonExecutor": at_once(local), "SandboxExecutor": at_once(sandbox)}
    over = found["SandboxExecutor"]["step"] - found["LocalPythonExecutor"]["step"]
    if given.json:
        print(json.dumps({"executors": found, "ten_at_once": together, "step_over_local": over}, indent=2))
        return
    print(f"{'executor':22}{'start ms':>12}{'best':>9}{'step ms':>12}{'best':>9}{'ten at once ms':>17}")
    for name, row in found.items():
        ten = f"{together[name]:17.0f}" if name in together else f"{'-':>17}"
        print(
            f"{name:22}{row['start']:12.1f}{row['start_best']:9.1f}{row['step']:12.2f}{row['step_best']:9.2f}{ten}"
        )
    if without:
        print(f"DockerExecutor         not measured: {without}")
    print(f"a step in the sandbox costs {over:+.2f} ms over LocalPythonExecutor (to reach: {TARGET_STEP:g})")
    print(f"the sandbox starts in {found['SandboxExecutor']['start']:.0f} ms (to reach: {TARGET_START:g})")


main()
