"""A call: what it returns, how it ends, what is refused before it starts."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.errors import SandboxError
from toolreg.sandbox import (
    CallTool,
    Killed,
    Limits,
    Observation,
    Policy,
    PolicyError,
    Raised,
    Returned,
    RunExamples,
    Sandbox,
)

Run = Callable[..., Observation]

TOOLS = b'''
from smolagents import Tool, tool

@tool
def double(number: int, times: int = 2) -> int:
    """Multiply."""
    return number * times

class Shout(Tool):
    name = "shout"
    description = "Shouts."
    inputs = {"text": {"type": "string", "description": "What."}}
    output_type = "string"

    def setup(self):
        super().setup()
        self.mark = "!"

    def forward(self, text: str) -> str:
        return text.upper() + self.mark
'''


def test_a_tool_class_and_a_decorated_function_are_called_as_smolagents_calls_them(sandbox: Sandbox) -> None:
    called = [
        sandbox.call(TOOLS, CallTool("Shout", {"text": "hi"}), Policy()),
        sandbox.call(TOOLS, CallTool("double", {"number": 4, "times": 3}), Policy()),
        sandbox.call(TOOLS, CallTool("", {"number": 4}), Policy()),
    ]
    assert [observed.outcome for observed in called] == [
        Returned("HI!", "str"),
        Returned(12, "int"),
        Returned(8, "int"),
    ]


def test_an_async_tool_is_awaited(sandbox: Sandbox) -> None:
    code = b"import asyncio\nasync def slow(x):\n    await asyncio.sleep(0)\n    return x * 2\n"
    seen = sandbox.call(code, CallTool("slow", {"x": "a"}), Policy())
    assert (seen.outcome, seen.effects) == (Returned("aa", "str"), ())


def test_an_unneeded_call_has_no_effects_and_no_changes(run: Run) -> None:
    seen = run("return sorted({'b': 1, 'a': [1.5, None, True]})")
    assert (seen.outcome, seen.effects, seen.changes) == (Returned(["a", "b"], "list"), (), ())


def test_a_raised_error_names_its_type_its_message_and_the_line(run: Run) -> None:
    assert run("x = 1\nreturn x / 0").outcome == Raised("ZeroDivisionError", "division by zero", 4)


def test_code_that_does_not_parse_is_raised_with_its_line(sandbox: Sandbox) -> None:
    seen = sandbox.call(b"x = 1\ndef f(:\n", CallTool("f", {}), Policy())
    assert isinstance(seen.outcome, Raised)
    assert (seen.outcome.type, seen.outcome.line) == ("SyntaxError", 2)


@pytest.mark.parametrize(
    ("body", "limits", "reason"),
    [
        ("import time; time.sleep(60)", Limits(wall=0.5), "timeout"),
        ("while True: pass", Limits(cpu=1, wall=20), "cpu"),
        ("os._exit(3)", Limits(), "exit 3"),
        ("import ctypes; ctypes.string_at(0)", Limits(), "signal 11"),
        ("return 'x' * (1 << 22)", Limits(result=1 << 20), "result"),
    ],
)
def test_a_call_that_goes_wrong_is_ended_with_its_reason(
    run: Run, body: str, limits: Limits, reason: str
) -> None:
    assert run(body, limits=limits).outcome == Killed(reason)


def test_a_call_with_programs_that_kills_itself_is_told_so(run: Run) -> None:
    # Without programs it is the first process of its namespace: the kernel keeps its own signals from it.
    assert run("os.kill(os.getpid(), 9)", "run: true").outcome == Killed("signal 9")


def test_too_much_memory_is_an_error_of_the_tool(run: Run) -> None:
    seen = run("return len(bytearray(1 << 30))", limits=Limits(memory=256 << 20, wall=20))
    assert isinstance(seen.outcome, Raised)
    assert seen.outcome.type == "MemoryError"


def test_what_is_printed_is_kept_up_to_its_limit_and_the_rest_dropped(run: Run) -> None:
    seen = run(
        "print('é' * 10); print('x' * 5_000_000)\nimport sys; print('err', file=sys.stderr)",
        limits=Limits(output=10_000),
    )
    assert seen.outcome == Returned(None, "NoneType")
    assert seen.stdout.startswith("é" * 10 + "\nxxx")
    assert (len(seen.stdout.encode()), seen.stderr, seen.truncated) == (10_000, "err\n", True)


def test_examples_print_what_doctest_would_see(sandbox: Sandbox) -> None:
    sources = (
        "double(2)",
        "x = double(3)",
        "print(x)\n",
        "None",
        "double('a', times=-1)",
        "for i in range(2):\n    i\n",
        "1/0",
    )
    seen = sandbox.call(TOOLS, RunExamples("double", "double", sources), Policy())
    assert isinstance(seen.outcome, Returned)
    assert [(run.output, run.error, run.message) for run in seen.outcome.examples] == [
        ("4\n", "", ""),
        ("", "", ""),
        ("6\n", "", ""),
        ("", "", ""),
        ("''\n", "", ""),
        ("0\n1\n", "", ""),
        ("", "ZeroDivisionError", "division by zero"),
    ]


@pytest.mark.parametrize(
    ("body", "value", "faithful"),
    [
        ("return (1, [2, {'a': (3,)}])", [1, [2, {"a": [3]}]], True),
        ("return {2, 1}", [1, 2], False),
        ("return {1: 2}", {"1": 2}, False),
        ("return '\\ud800x'", "\ufffdx", True),
        ("return 10 ** 400", 10**400, True),
        ("return float('nan')", "nan", False),
        ("return b'ab'", "b'ab'", False),
        ("import enum\nreturn enum.IntEnum('E', 'A')(1)", 1, True),
    ],
)
def test_results_come_back_as_plain_json(run: Run, body: str, value: object, faithful: bool) -> None:
    outcome = run(body).outcome
    assert isinstance(outcome, Returned)
    assert (outcome.value, outcome.faithful) == (value, faithful)


def test_a_result_nested_without_end_does_not_hurt(run: Run) -> None:
    outcome = run("x = []\nfor _ in range(100_000): x = [x]\nreturn x").outcome
    assert isinstance(outcome, Returned)
    assert not outcome.faithful


def test_only_declared_environment_names_are_passed_on(run: Run) -> None:
    seen = run(
        "return [os.environ.get('TOKEN'), os.environ.get('OTHER')]",
        "env: TOKEN",
        env={"TOKEN": "t", "OTHER": "o"},
    )
    assert seen.outcome == Returned(["t", None], "list")
    assert "env" in seen.unseen


def test_state_of_one_call_is_gone_in_the_next(run: Run) -> None:
    body = "import builtins\nx = getattr(builtins, 'left', 0); builtins.left = 1; import tempfile; p = tempfile.gettempdir() + '/left'; open(p, 'a').write('x')\nreturn [x, len(open(p).read())]"
    assert [run(body).outcome for _ in range(2)] == [Returned([0, 1], "list")] * 2


def test_many_calls_at_once_are_all_answered(sandbox: Sandbox) -> None:
    code = b"def f(x):\n    return x * x\n"
    results: dict[int, object] = {}

    def one(number: int) -> None:
        outcome = sandbox.call(code, CallTool("f", {"x": number}), Policy(limits=Limits(wall=120))).outcome
        results[number] = outcome

    threads = [threading.Thread(target=one, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: Returned(number * number, "int") for number in range(40)}


def test_an_unbound_effect_is_no_policy() -> None:
    with pytest.raises(PolicyError, match=r"read:\{path\}"):
        Policy((Effect.parse("read: {path}"),))


@pytest.mark.parametrize("effect", ["write: /etc/x", "write: /usr/lib/y", "write: /z"])
def test_what_cannot_be_granted_is_refused_before_the_call(run: Run, effect: str) -> None:
    with pytest.raises(PolicyError):
        run("return 1", effect)


def test_a_workspace_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="not a folder"):
        run("return 1", workspace=str(tmp_path / "nowhere"))


def test_the_real_smolagents_runs_where_the_stand_in_lacks_something(sandbox: Sandbox) -> None:
    code = b"from smolagents import Tool, AgentText\ndef f():\n    return AgentText('real').to_string()\n"
    assert sandbox.call(code, CallTool("f", {}), Policy()).outcome == Returned("real", "str")


def test_a_sandbox_leaves_no_process_and_no_file_behind() -> None:
    before = set(os.listdir("/tmp"))
    with Sandbox() as sandbox:
        sandbox.call(
            b"def f():\n    open('/tmp/toolreg-left', 'w').write('x')\n", CallTool("f", {}), Policy()
        )
        pids = sandbox.pids()
        assert pids
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)
    assert "toolreg-left" not in set(os.listdir("/tmp")) - before


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("import ctypes", "native:ctypes"),
        ("return eval('1 + 1')", "code:*"),
        ("import pickle; return pickle.loads(pickle.dumps(os.path.join))is None", "code:*"),
        ("return os.system('true')", "run:sh"),
    ],
)
def test_what_no_system_call_shows_python_tells(run: Run, body: str, effect: str) -> None:
    told = [each for each in run(body).effects if each.source == "python"]
    assert [str(each.effect) for each in told] == [effect]


def test_what_libraries_do_for_their_own_ends_is_no_effect(run: Run) -> None:
    body = "import collections, dataclasses, uuid, csv, sqlite3, urllib.request, decimal, ssl, zoneinfo, multiprocessing, email\nreturn collections.namedtuple('P', 'x')(1).x"
    seen = run(body)
    assert (seen.outcome, seen.effects) == (Returned(1, "int"), ())
