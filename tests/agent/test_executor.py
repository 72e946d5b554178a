"""The agent's code runs in the sandbox, its tools outside of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from smolagents import CodeAgent, FinalAnswerTool, LogLevel, Tool, ToolCallingAgent

from toolreg.agent import SandboxExecutor, ScriptedModel, run_agent
from toolreg.agent.assembly import build
from toolreg.agent.executor import StepFailed, StepKilled, create_executor
from toolreg.agent.policy import AgentPolicy
from toolreg.agent.scripted import code
from toolreg.errors import HarnessError
from toolreg.sandbox.backends.linux import plan

REAL_OS = "os = print.__self__.__dict__['__import__']('os')\n"


def test_state_stays_between_steps(executor: SandboxExecutor) -> None:
    executor("import math\nradius = 2\ndef area(r):\n    return math.pi * r ** 2")
    assert executor("area(radius)").output == pytest.approx(4 * math.pi)


def test_a_tool_is_called_by_position_and_by_name(executor: SandboxExecutor) -> None:
    assert executor("add(1, 2) + add(a=3, b=4) + add({'a': 1, 'b': 1})").output == 12


def test_the_value_of_a_last_assignment_is_shown(executor: SandboxExecutor) -> None:
    assert executor("total = add(20, 22)").output == 42


def test_arguments_are_checked_outside(executor: SandboxExecutor) -> None:
    with pytest.raises(StepFailed, match="has type 'string' but should be 'integer'"):
        executor("add(1, 'two')")
    with pytest.raises(StepFailed, match="Argument c is not in the tool's input schema"):
        executor("add(1, 2, c=3)")


def test_a_tools_error_can_be_caught_by_the_code(executor: SandboxExecutor) -> None:
    got = executor(
        "try:\n    fail('no luck')\nexcept Exception as error:\n    said = str(error)\nsaid"
    ).output
    assert got == "ValueError: no luck"


def test_an_error_names_its_line(executor: SandboxExecutor) -> None:
    with pytest.raises(StepFailed, match=r"at line 2 '1 / 0' due to: ZeroDivisionError: division by zero"):
        executor("x = 1\n1 / 0")
    with pytest.raises(StepFailed, match="SyntaxError"):
        executor("def f(:\n    pass")


def test_prints_before_an_error_are_kept(executor: SandboxExecutor) -> None:
    with pytest.raises(StepFailed):
        executor("print('so far')\nraise KeyError('x')")
    assert executor.state["_print_outputs"] == "so far\n"


def test_a_step_without_end_is_killed_and_its_prints_are_kept(executor: SandboxExecutor) -> None:
    executor.step_timeout = 0.5
    executor("kept = 1")
    with pytest.raises(StepKilled, match=r"time limit of 0.5 s.*variables are lost"):
        executor("print('so far')\nwhile True:\n    pass")
    assert executor.state["_print_outputs"] == "so far\n"
    with pytest.raises(StepFailed, match="NameError"):
        executor("kept")
    assert executor("add(1, 1)").output == 2


def test_a_tool_that_hangs_ends_the_step(executor: SandboxExecutor, tools: dict[str, Tool]) -> None:
    import threading

    class Hang(Tool):
        name, description, inputs, output_type = "hang", "Hang.", {}, "string"

        def forward(self) -> str:
            threading.Event().wait(20)
            return "late"

    executor.send_tools({**tools, "hang": Hang()})
    executor.step_timeout = 0.5
    with pytest.raises(StepKilled):
        executor("hang()")
    assert executor("add(1, 1)").output == 2


def test_a_worker_that_dies_is_started_anew(executor: SandboxExecutor) -> None:
    with pytest.raises(StepKilled, match="exit 7"):
        executor(f"print('last words')\n{REAL_OS}os._exit(7)")
    assert executor.state["_print_outputs"] == "last words\n"
    assert executor("add(2, 2)").output == 4


def test_variables_given_before_survive_a_restart(executor: SandboxExecutor) -> None:
    executor.send_variables({"given": {"rows": (1, 2)}})
    with pytest.raises(StepKilled):
        executor(f"{REAL_OS}os._exit(1)")
    assert executor("given['rows'][1]").output == 2


def test_the_whitelist_of_imports_is_enforced(executor: SandboxExecutor) -> None:
    for line in ("import os", "from subprocess import run", "import os.path as p", "__import__('socket')"):
        with pytest.raises(StepFailed, match=r"Import of .* is not allowed\. Authorized imports are"):
            executor(line)
    assert executor("import datetime, collections.abc\nfrom math import sqrt\nsqrt(9)").output == 3.0


def test_more_imports_may_be_allowed_for_a_task() -> None:
    executor = SandboxExecutor(["json", "textwrap"])
    try:
        executor.send_tools({})
        assert executor("import json, textwrap\njson.dumps([1])").output == "[1]"
    finally:
        executor.cleanup()


def test_prints_are_cut_at_the_limit(executor: SandboxExecutor) -> None:
    executor.print_limit = 50_000
    logs = executor("print('x' * 10**7)\n'done'").logs
    assert 50_000 <= len(logs) < 50_100


@pytest.mark.parametrize(
    "value",
    ["(1, 2)", "{'a': [1.5, None]}", "{1, 2}", "b'bytes'", "2**100", "range(3)"],
)
def test_a_rich_final_answer_arrives_as_it_was(executor: SandboxExecutor, value: str) -> None:
    output = executor(f"final_answer({value})")
    assert output.is_final_answer
    assert output.output == eval(value)


def test_an_answer_that_cannot_cross_arrives_as_text(executor: SandboxExecutor) -> None:
    assert executor("class Odd:\n    def __str__(self): return 'odd'\nfinal_answer(Odd())").output == "odd"
    assert executor("lambda: 1").output.startswith("<function <lambda>")


def test_a_value_that_is_too_large_is_told_and_nothing_is_lost(executor: SandboxExecutor) -> None:
    with pytest.raises(StepFailed, match="too large to leave the sandbox"):
        executor("huge = 'x' * 20_000_000\nhuge")
    with pytest.raises(StepFailed, match="too large to leave the sandbox"):
        executor("fail(huge)")
    assert executor("len(huge)").output == 20_000_000


def test_half_a_character_is_replaced_before_it_breaks_somebody(executor: SandboxExecutor) -> None:
    output = executor("print('a\\ud800b', chr(0x1F600))\n{'\\udfff': ['\\ud83d']}")
    assert output.logs == "a\ufffdb \U0001f600\n"
    assert output.output == {"\ufffd": ["\ufffd"]}
    with pytest.raises(StepFailed, match="\ufffd"):
        executor("raise ValueError('\\ud800')")


def test_code_after_the_final_answer_is_not_run(executor: SandboxExecutor) -> None:
    output = executor("try:\n    final_answer(1)\nexcept Exception:\n    pass\nprint('never')")
    assert (output.output, output.logs) == (1, "")


def test_a_final_answer_tool_of_ones_own_is_honoured(
    executor: SandboxExecutor, tools: dict[str, Tool]
) -> None:
    class Report(Tool):
        name, description, output_type = "final_answer", "Report.", "any"
        inputs = {  # noqa: RUF012 - as smolagents wants it
            "title": {"type": "string", "description": "Title."},
            "score": {"type": "number", "description": "Score."},
        }

        def forward(self, title: str, score: float) -> Any:
            return {"title": title.upper(), "score": score, "made": object}

    executor.send_tools({**tools, "final_answer": Report()})
    output = executor("final_answer('done', score=0.5)\nprint('never')")
    assert output.is_final_answer
    assert output.output == {"title": "DONE", "score": 0.5, "made": object}


def test_nothing_of_the_host_is_inside(executor: SandboxExecutor, tmp_path: Path, monkeypatch: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cr3t")
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    for attempt in (f"open({str(secret)!r}).read()", "open('/etc/shadow').read()", f"{REAL_OS}os.fork()"):
        with pytest.raises(StepFailed):
            executor(attempt)
    seen = executor(f"{REAL_OS}str(dict(os.environ)) + open('/proc/self/environ').read()").output
    assert "s3cr3t" not in seen
    assert executor(
        "'toolreg' in str(print.__self__.__dict__['__import__']('sys').modules.keys())"
    ).output in (
        True,
        False,
    )


def test_files_go_both_ways_through_the_workspace(executor: SandboxExecutor, tmp_path: Path) -> None:
    data = tmp_path / "table.csv"
    data.write_text("a,b\n1,2\n")
    executor.send_variables({"table": data})
    assert executor("open(table).read()").output == "a,b\n1,2\n"
    assert executor("table").output == PurePosixPath("table.csv")
    executor("open('out.txt', 'w').write('made inside')")
    assert (executor.workspace.path / "out.txt").read_text() == "made inside"


def test_a_link_in_the_workspace_leads_nowhere(executor: SandboxExecutor, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cr3t")
    executor(f"{REAL_OS}os.symlink({str(tmp_path / 'secret')!r}, 'link')\nos.symlink('/', 'root')")
    executor("open('after.txt', 'w').write('x')")
    assert sorted(p.name for p in executor.workspace.path.iterdir()) == ["after.txt"]


def test_several_runs_of_one_agent(code_agent: Callable[..., CodeAgent]) -> None:
    agent = code_agent(code("x = add(1, 2)"), code("final_answer(x)"), code("final_answer(add(4, 5))"))
    assert [agent.run("first"), agent.run("second")] == [3, 9]


def test_additional_arguments_are_variables(code_agent: Callable[..., CodeAgent]) -> None:
    agent = code_agent(code("final_answer(sum(rows))"))
    assert agent.run("sum", additional_args={"rows": [1, 2, 3]}) == 6


def test_a_managed_agent_answers_like_a_tool(
    code_agent: Callable[..., CodeAgent], tools: dict[str, Tool]
) -> None:
    helper = ToolCallingAgent(
        [tools["add"]],
        ScriptedModel(
            [
                {"tool": "add", "arguments": {"a": 2, "b": 3}},
                {"tool": "final_answer", "arguments": {"answer": "five"}},
            ]
        ),
        name="helper",
        description="Adds.",
        verbosity_level=LogLevel.OFF,
    )
    agent = code_agent(code("print(helper('add 2 and 3'))", "final_answer('asked')"), managed_agents=[helper])
    assert agent.run("ask") == "asked"
    assert "five" in agent.memory.steps[1].observations


def test_a_variable_called_final_answer_does_not_break_the_run(code_agent: Callable[..., CodeAgent]) -> None:
    agent = code_agent(code("final_answer = add(1, 1)", "final_answer(final_answer)"))
    assert agent.run("x") == 2


def test_the_entry_point_of_smolagents_finds_the_executor() -> None:
    from importlib.metadata import entry_points

    (point,) = entry_points(group="smolagents.executors", name="toolreg")
    assert point.load() is create_executor
    executor = create_executor(["json"], None, step_timeout=5)
    executor.cleanup()
    assert "json" in executor.authorized_imports


def test_a_sandbox_that_cannot_be_set_up_says_why(monkeypatch: Any) -> None:
    make = plan.make
    monkeypatch.setattr(plan, "make", lambda *given, **named: {**make(*given, **named), "cwd": "/nowhere"})
    executor = SandboxExecutor()
    try:
        with pytest.raises(HarnessError, match="could not be set up: FileNotFoundError"):
            executor.start()
        with pytest.raises(HarnessError, match="could not be set up: FileNotFoundError"):
            executor("1")
    finally:
        executor.cleanup()


def test_nothing_is_left_after_cleanup(tools: dict[str, Tool]) -> None:
    import os

    executor = SandboxExecutor()
    executor.send_tools(tools)
    executor("1")
    pid, folder = executor.pid, executor.workspace.path
    assert pid is not None
    executor.cleanup()
    executor.cleanup()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_final_answer_tools_stay_smolagents_own(tools: dict[str, Tool]) -> None:
    assert type(tools["final_answer"]) is FinalAnswerTool


class Large(Tool):  # type: ignore[misc,unused-ignore]
    name, description, output_type = "large", "Gives a long text.", "string"
    inputs = {"size": {"type": "integer", "description": "How long."}}  # noqa: RUF012 - smolagents' own form
    effects = ()

    def forward(self, size: int) -> str:
        return "x" * size


def test_a_result_that_is_too_large_is_an_error_and_nothing_is_lost(executor: SandboxExecutor) -> None:
    executor.send_tools({"large": Large()})
    executor("kept = 1")
    with pytest.raises(StepFailed, match="large: the value is too large"):
        executor("large(20_000_000)")
    assert executor("kept").output == 1


@pytest.mark.parametrize(
    "code",
    ["10**6000", "-(10**6000)", "{10**6000: 1}", "[10**6000]"],
)
def test_a_number_too_long_to_print_is_shown_as_text(executor: SandboxExecutor, code: str) -> None:
    assert isinstance(executor(code).output, str)
    assert isinstance(executor(f"final_answer({code})").output, str)
    with pytest.raises(StepFailed, match="cannot cross"):
        executor(f"add(a={code}, b=1)")


@pytest.mark.parametrize("raised", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "ValueError"])
@pytest.mark.parametrize("use", ["raise Odd()", "Odd()", "final_answer(Odd())", "add(Odd(), 1)"])
def test_a_value_that_breaks_whoever_looks_at_it_costs_its_step_alone(
    executor: SandboxExecutor, raised: str, use: str
) -> None:
    executor("kept = 1")
    odd = f"class Odd(Exception):\n    def __str__(self): raise {raised}\n    __repr__ = __str__\n"
    try:
        output = executor(odd + use).output
    except StepFailed as error:
        output = str(error)
    assert "Odd" in output or raised in output
    assert executor("kept").output == 1


def test_lists_without_end_are_told_before_they_take_the_hosts_memory(executor: SandboxExecutor) -> None:
    executor("kept = 1")
    with pytest.raises(StepFailed, match="too large to leave the sandbox"):
        executor("final_answer([[] for _ in range(1_100_000)])")
    assert executor("kept").output == 1


def test_an_executor_works_again_after_its_end(executor: SandboxExecutor) -> None:
    executor("open('x', 'w').write('1')")
    executor.cleanup()
    assert not executor.workspace.path.exists()
    assert executor("open('y', 'w').write('2')\n1 + 1").output == 2
    assert [p.name for p in executor.workspace.path.iterdir()] == ["y"]


@pytest.mark.parametrize("made", ["built", "run"])
def test_a_saved_agent_is_not_loaded_without_its_sandbox(
    code_agent: Callable[..., CodeAgent], tmp_path: Path, made: str
) -> None:
    if made == "built":
        agent = build(AgentPolicy(), ScriptedModel(["x"]))
    else:
        agent = code_agent(code("final_answer(1)"), with_tools=())
        run_agent(agent, "x")
    agent.save(tmp_path)
    agent.cleanup()
    saved = json.loads((tmp_path / "agent.json").read_text())
    assert saved["executor_type"] == "toolreg"
    with pytest.raises(ValueError, match="Unsupported executor type: toolreg"):
        CodeAgent([], ScriptedModel(["x"]), executor_type=saved["executor_type"])
