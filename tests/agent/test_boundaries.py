"""Other boundaries: what smolagents' executors do wrong is mended around them.

The kernel here is a stand-in with the contract of smolagents' remote executors: it runs code in a process of its
own and turns a FinalAnswerException into the answer. The providers' SDKs are held to their signatures.
"""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent, FinalAnswerTool, LogLevel
from smolagents.local_python_executor import CodeOutput
from smolagents.remote_executors import RemotePythonExecutor

from toolreg.agent import Budget, Ending, ScriptedModel, TraceWriter, open_tools, read_trace, run_agent
from toolreg.agent.boundaries import Boundary, open_boundary
from toolreg.agent.executor import StepFailed, StepKilled
from toolreg.agent.presets import PRESETS, blaxel_options, docker_options, e2b_options, modal_options
from toolreg.agent.scripted import code
from toolreg.errors import ConfigError, SandboxUnavailable, UsageError

KERNEL = """
import ast, contextlib, io, json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    out = io.StringIO()
    reply = {}
    try:
        tree = ast.parse(json.loads(line))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(out):
            exec(compile(tree, "<cell>", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
        reply["value"] = None if value is None else str(value)
    except BaseException as error:
        reply["ename"], reply["evalue"] = type(error).__name__, str(error)
    reply["logs"] = out.getvalue()
    print(json.dumps(reply), flush=True)
"""


class Kernel:
    """A kernel in a process of its own, with smolagents' contract."""

    opened: list[Kernel] = []  # noqa: RUF012 - what the tests look at

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", KERNEL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        Kernel.opened.append(self)

    def run_code_raise_errors(self, text: str) -> CodeOutput:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the kernel is gone")
        reply = json.loads(line)
        if reply.get("ename") == RemotePythonExecutor.FINAL_ANSWER_EXCEPTION:
            answer = RemotePythonExecutor._deserialize_final_answer(reply["evalue"])
            return CodeOutput(answer, reply["logs"], True)
        if "ename" in reply:
            raise RuntimeError(f"{reply['logs']}{reply['ename']}: {reply['evalue']}")
        return CodeOutput(reply["value"], reply["logs"], False)

    def cleanup(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()


@pytest.fixture
def boundary() -> Iterator[Boundary]:
    Kernel.opened.clear()
    made = Boundary("stand-in", Kernel, step_timeout=20)
    made.send_variables({})
    made.send_tools({"final_answer": FinalAnswerTool()})
    yield made
    made.cleanup()
    assert all(kernel.process.poll() is not None for kernel in Kernel.opened)


def test_code_keeps_its_state_and_answers_richly(boundary: Boundary) -> None:
    boundary("x = 20")
    assert boundary("x + 1").output == "21"
    output = boundary("final_answer({'pair': (1, 2), 'odd': {3}, 'raw': b'x'})")
    assert (output.is_final_answer, output.output) == (True, {"pair": (1, 2), "odd": {3}, "raw": b"x"})


def test_variables_cross_without_pickle(boundary: Boundary) -> None:
    boundary.send_variables({"rows": [(1, 2), (3, 4)]})
    assert boundary("rows[1][0]").output == "3"
    boundary.send_variables({"more": {1}})
    assert boundary("more").output == "{1}"


def test_the_import_whitelist_is_enforced(boundary: Boundary) -> None:
    with pytest.raises(StepFailed, match="Import of subprocess is not allowed"):
        boundary("import subprocess")
    with pytest.raises(StepFailed, match=r"Import of os\.path is not allowed"):
        boundary("def f():\n    from os.path import join")
    assert boundary("import math\nmath.floor(2.5)").output == "2"
    assert len(Kernel.opened) == 1


def test_a_step_has_a_time_limit(boundary: Boundary) -> None:
    boundary.step_timeout = 0.5
    boundary.send_variables({"given": 7})
    begin = time.monotonic()
    with pytest.raises(StepKilled, match=r"time limit of 0.5 s"):
        boundary("while True: pass")
    assert time.monotonic() - begin < 10
    boundary.step_timeout = 20
    assert boundary("given").output == "7"
    assert len(Kernel.opened) == 2


def test_confined_tools_are_shipped_as_they_are_published(boundary: Boundary, tmp_path: Path) -> None:
    from toolreg.agent.scaffold import new_tool

    tools = {t.name: t for t in open_tools([str(new_tool("shout", tmp_path))])}
    boundary.send_tools(tools)
    assert boundary("shout('hi') + shout(text='!')").output == "HI!"


def test_a_tool_that_cannot_live_inside_is_refused_with_the_way_out(
    boundary: Boundary, tools: dict[str, Any]
) -> None:
    with pytest.raises(UsageError) as caught:
        boundary.send_tools(tools)
    assert caught.value.hint == 'use sandbox = "local", which calls tools outside'


def test_a_second_run_works_and_both_are_recorded(boundary: Boundary, tmp_path: Path) -> None:
    agent = CodeAgent(
        [],
        ScriptedModel([code("x = 1"), code("final_answer(x)"), code("final_answer('again')")]),
        executor=boundary,
        verbosity_level=LogLevel.OFF,
    )
    outcome = run_agent(agent, "x", trace=TraceWriter(tmp_path))
    assert (outcome.answer, run_agent(agent, "y").answer) == (1, "again")
    trace = read_trace(tmp_path)
    assert trace.start["sandbox"] == "stand-in: code and tools in one place"
    assert [e["type"] for e in trace.of("code", "output")] == ["code", "output"] * 2


def test_the_deadline_holds_here_too(boundary: Boundary) -> None:
    agent = CodeAgent(
        [], ScriptedModel([code("while True: pass")]), executor=boundary, verbosity_level=LogLevel.OFF
    )
    outcome = run_agent(agent, "x", budget=Budget(deadline=0.8, step_timeout=60))
    assert outcome.ending is Ending.DEADLINE


def test_no_key_gets_into_a_saved_agent(boundary: Boundary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("E2B_API_KEY", "e2b_" + "0" * 40)
    agent = CodeAgent([], ScriptedModel(["x"]), executor=boundary, verbosity_level=LogLevel.OFF)
    assert "e2b_0" not in str(agent.to_dict())


def test_a_container_has_no_rights_and_bounds(tmp_path: Path) -> None:
    options = docker_options(str(tmp_path), 8890)
    run = options["container_run_kwargs"]
    owner = f"{tmp_path.stat().st_uid}:{tmp_path.stat().st_gid}"
    assert (run["read_only"], run["cap_drop"], run["user"]) == (True, ["ALL"], owner)
    assert not owner.startswith("0:")
    assert run["volumes"] == {str(tmp_path): {"bind": "/work", "mode": "rw"}}
    assert "pillow numpy" in options["dockerfile_content"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("DockerExecutor", docker_options(None, 8890)),
        ("E2BExecutor", e2b_options()),
        ("ModalExecutor", modal_options()),
        ("BlaxelExecutor", blaxel_options()),
    ],
)
def test_every_preset_fits_smolagents_executor(name: str, options: dict[str, Any]) -> None:
    import smolagents

    executor: Callable[..., Any] = getattr(smolagents, name)
    inspect.signature(executor).bind([], None, **options)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_missing_package_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ConfigError) as caught:
        open_boundary(name)
    assert caught.value.hint.startswith(f"pip install 'smolagents[{name}]'")


def test_an_unknown_boundary_names_the_known_ones() -> None:
    with pytest.raises(ConfigError) as caught:
        open_boundary("chroot")
    assert caught.value.hint == "one of: local, docker, e2b, modal, blaxel"


def test_a_boundary_that_cannot_be_opened_ends_the_run_before_the_model_is_asked(tmp_path: Path) -> None:
    def cannot() -> Any:
        raise SandboxUnavailable("no engine here")

    model = ScriptedModel([code("final_answer(1)")])
    agent = CodeAgent([], model, executor=Boundary("docker", cannot), verbosity_level=LogLevel.OFF)
    with pytest.raises(SandboxUnavailable, match="no engine here"):
        run_agent(agent, "x", trace=TraceWriter(tmp_path))
    assert (model.seen, read_trace(tmp_path).state) == ([], "error")
