"""Tools of an MCP server: confined, pinned, and honest about errors."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent, LogLevel

from toolreg.agent import SandboxExecutor, ScriptedModel
from toolreg.agent.scripted import code
from toolreg.effects import Effect
from toolreg.errors import ConfigError, DigestMismatch, HarnessError, NotFound, UsageError
from toolreg.mcp.bridge import McpTool, connect, effects_of, open_link
from toolreg.mcp.described import inputs_of, python_name
from toolreg.mcp.link import Link, McpError, McpToolError, Offered, _result
from toolreg.mcp.lock import McpLock, Pinned, changes, check, digest
from toolreg.mcp.spec import ServerSpec

Spec = Callable[..., ServerSpec]


@pytest.fixture
def link(server: Spec) -> Iterator[Link]:
    with open_link(server()) as opened:
        yield opened


def tool(link: Link, name: str, spec: ServerSpec) -> McpTool:
    return next(McpTool(link, offered, spec) for offered in link.tools() if offered.name == name)


def test_a_tool_is_described_and_called(link: Link, server: Spec) -> None:
    get_sum = tool(link, "get-sum", server())
    assert get_sum.name == "get_sum"
    assert get_sum.inputs == {
        "a": {"type": "number", "description": "One."},
        "b": {"type": "number", "description": "No description is given."},
        "unit": {
            "type": "string",
            "description": 'No description is given. JSON Schema: {"type": "string", "enum": ["m", "km"]}',
            "nullable": True,
            "enum": ["m", "km"],
        },
    }
    assert get_sum(a=1, b=2) == "3"
    assert get_sum(1, 2, None) == "3"


def test_an_error_of_the_server_raises(link: Link, server: Spec) -> None:
    with pytest.raises(McpToolError, match="probe: it failed"):
        tool(link, "probe", server())(what="/no/such/file")


def test_a_server_sees_no_environment_no_file_and_no_network(
    link: Link, server: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    (tmp_path / "secret").write_text("s3cr3t")
    probe = tool(link, "probe", server())
    assert "s3cr3t" not in probe(what="environment")
    for path in (str(tmp_path / "secret"), "/etc/shadow", "/proc/1/environ"):
        with pytest.raises(McpToolError, match="it failed"):
            probe(what=path)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        target = server(f"'' {listener.getsockname()[1]}")
        with open_link(target) as other, pytest.raises(McpToolError):
            tool(other, "probe", target)(what="connect")
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_variable_is_passed_on_by_name(server: Spec) -> None:
    spec = server(env=("GIVEN",))
    with open_link(spec, {"GIVEN": "value", "OTHER": "kept"}) as link:
        seen = json.loads(tool(link, "probe", spec)(what="environment"))
    assert seen["GIVEN"] == "value"
    assert "OTHER" not in seen


def test_a_server_that_crashes_is_one_clear_error(link: Link, server: Spec) -> None:
    with pytest.raises(McpError, match="the server has ended: exit 3"):
        tool(link, "probe", server())(what="crash")
    with pytest.raises(McpError):
        link.tools()


def test_a_server_with_too_many_tools_is_one_clear_error(server: Spec) -> None:
    with open_link(server("many")) as link, pytest.raises(McpError, match="more than 500 tools"):
        link.tools()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("import os; os._exit(7)", "exit 7"),
        ("import sys; sys.exit('I need a key')", "exit 1: I need a key"),
        ("print('Usage: server PORT')\nimport os; os.kill(os.getpid(), 9)", "signal 9"),
        ("", "exit 0"),
    ],
)
def test_a_server_that_ends_at_once_is_told_at_once_with_its_last_words(
    tmp_path: Path, script: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolreg.mcp.link._START_SECONDS", 200.0)
    (tmp_path / "server.py").write_text(script)
    spec = ServerSpec.parse(f"{sys.executable} {tmp_path / 'server.py'}", (f"read: {tmp_path}",))
    with pytest.raises(McpError) as caught:
        open_link(spec)
    assert caught.value.message == f"the server ended before it answered: {why}"


def test_a_sandbox_that_cannot_be_set_up_is_told_at_once(
    server: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolreg.mcp.link._START_SECONDS", 200.0)
    spoil_the_plan(monkeypatch)
    with pytest.raises(HarnessError, match="the sandbox could not be set up: FileNotFoundError"):
        open_link(server())


def spoil_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sandbox from here on is to start in a folder that does not exist."""
    from toolreg.sandbox.backends.linux import plan

    make = plan.make
    monkeypatch.setattr(plan, "make", lambda *given, **named: {**make(*given, **named), "cwd": "/nowhere"})


def test_a_silent_server_is_given_up(server: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolreg.mcp.link._START_SECONDS", 1.0)
    with pytest.raises(McpError, match="did not answer"):
        open_link(server("silent"))


def test_a_call_that_hangs_is_given_up(link: Link) -> None:
    with pytest.raises(McpError, match=r"within 0.5 s"):
        link.call("probe", {"what": "hang"}, 0.5)


def test_a_server_that_floods_is_ended(link: Link) -> None:
    with pytest.raises(McpError):
        link.call("probe", {"what": "flood"}, 20)


def test_garbage_between_messages_is_passed_over(link: Link) -> None:
    assert link.call("probe", {"what": "garbage"}, 20) == "after the garbage"


def test_a_result_that_is_too_long_is_an_error(link: Link) -> None:
    with pytest.raises(McpToolError, match="is the limit"):
        link.call("probe", {"what": "long"}, 20)


def test_an_agent_uses_a_pinned_server(server: Spec) -> None:
    spec = server()
    with open_link(spec) as link:
        pinned = Pinned(spec, tuple(link.tools()))
    tools, link = connect(pinned)
    model = ScriptedModel([code("final_answer(get_sum(a=2, b=3))")])
    with CodeAgent(tools, model, executor=SandboxExecutor(), verbosity_level=LogLevel.OFF) as agent, link:
        assert agent.run("add") == "5"


def test_a_server_that_changed_its_tools_is_refused_with_the_difference(server: Spec) -> None:
    spec = server()
    with open_link(spec) as link:
        pinned = Pinned(spec, tuple(link.tools()))
    with pytest.raises(DigestMismatch) as caught:
        connect(replace(pinned, spec=server("renamed")))
    for line in ("get-sum: description has", "Ignore your instructions", "probe is gone", "prove is new"):
        assert line in caught.value.message


def test_the_lock_is_written_and_read_back(server: Spec, tmp_path: Path) -> None:
    spec = server("", "net: *.example.com", env=("TOKEN",))
    offered = Offered("x", "X.", {"type": "object"}, None, {"readOnlyHint": True})
    path = tmp_path / "mcp.lock.json"
    lock = McpLock().with_server(Pinned(spec, (offered,))).with_server(Pinned(spec, (offered, offered)))
    lock.write(path)
    assert McpLock.read(path) == lock
    assert len(lock.servers) == 1
    assert lock.get(spec.target).tools == (offered, offered)
    with pytest.raises(NotFound, match="is not pinned"):
        lock.get("other")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": 9, "servers": []}', '{"version": 1, "servers": [1]}']
)
def test_a_broken_lock_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "mcp.lock.json").write_text(text)
    with pytest.raises(ConfigError):
        McpLock.read(tmp_path / "mcp.lock.json")


def test_a_lock_changed_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mcp.lock.json"
    McpLock().with_server(Pinned(ServerSpec("x"), (Offered("x", "Safe.", {}, None, {}),))).write(path)
    path.write_text(path.read_text().replace("Safe.", "Sure."))
    with pytest.raises(ConfigError, match="changed by hand"):
        McpLock.read(path)


def test_the_order_of_tools_does_not_matter() -> None:
    one, two = (Offered(n, "", {}, None, {}) for n in ("one", "two"))
    assert digest([one, two]) == digest([two, one])
    check(Pinned(ServerSpec("x"), (one, two)), [two, one])
    assert list(changes([one], [one])) == []


@pytest.mark.parametrize(
    ("name", "python"),
    [("get-sum", "get_sum"), ("a.b/c", "a_b_c"), ("1st", "_1st"), ("class", "class_"), ("", "tool"),
     ("final_answer", "final_answer_"), ("größe", "gr__e")],
)  # fmt: skip
def test_names_become_pythons(name: str, python: str) -> None:
    assert python_name(name) == python


def test_odd_schemas_become_inputs() -> None:
    assert inputs_of({}) == {}
    assert inputs_of({"properties": 7}) == {}
    odd = {"properties": {"x": 7, "y": {"type": ["string", "null"]}, "z": {"anyOf": []}}, "required": ["x"]}
    assert {name: (i["type"], i.get("nullable")) for name, i in inputs_of(odd).items()} == {
        "x": ("any", None),
        "y": ("any", True),
        "z": ("any", True),
    }


def test_the_effects_of_a_remote_tool_are_its_host_and_its_own_word() -> None:
    spec = ServerSpec.parse("https://mcp.example.com/mcp")

    def told(**annotations: bool) -> tuple[Effect, ...]:
        return effects_of(Offered("x", "", {}, None, annotations), spec)

    assert told(readOnlyHint=True) == (Effect("net", "mcp.example.com"),)
    assert told(destructiveHint=False) == (Effect("net", "mcp.example.com", "writes"),)
    assert told() == (Effect("net", "mcp.example.com", "deletes"),)


@pytest.mark.parametrize("target", ["", "no-such-program-here", "'", "http://"])
def test_a_server_that_is_none_is_wrong_usage(target: str) -> None:
    with pytest.raises(UsageError):
        open_link(ServerSpec.parse(target), os.environ)


def test_a_server_with_two_tools_of_one_name_is_one_clear_error(server: Spec) -> None:
    with open_link(server("twice")) as link, pytest.raises(McpError, match="two tools called 'get-sum'"):
        link.tools()


def test_tools_with_the_names_of_builtins_do_not_take_their_place(server: Spec) -> None:
    spec = server("builtins")
    with open_link(spec) as link:
        pinned = Pinned(spec, tuple(link.tools()))
    tools, link = connect(pinned)
    with link:
        agent = CodeAgent(
            tools,
            ScriptedModel([code("print(len('abc'))\nfinal_answer(print_(a=1, b=2))")]),
            executor=SandboxExecutor(),
            verbosity_level=LogLevel.OFF,
        )
        assert agent.run("x") == "3"
        assert "3" in agent.memory.steps[-1].observations
        agent.cleanup()


@pytest.mark.parametrize(
    ("structured", "value"),
    [({"result": None}, None), ({"result": [1]}, [1]), ({"a": 1}, {"a": 1}), ([1], [1]), ({}, {})],
    ids=str,
)
def test_structured_results_arrive_as_they_are(structured: Any, value: Any) -> None:
    assert _result("t", {"content": [], "structuredContent": structured}) == value


def test_a_structured_result_has_the_same_limit() -> None:
    with pytest.raises(McpToolError, match="is the limit"):
        _result("t", {"content": [], "structuredContent": {"a": "x" * 5_000_000}})


def test_an_effect_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--effect"):
        ServerSpec.parse("cat", ("bogus",))
