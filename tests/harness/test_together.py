"""Calls that share a process show no less than calls on their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from toolreg.bundle import bundle
from toolreg.contract import parse_module
from toolreg.effects import Effect
from toolreg.errors import SandboxUnavailable
from toolreg.harness import Trial
from toolreg.harness.cases import CallCase, Granted, RepeatCase
from toolreg.harness.together import Shared, groups, joined
from toolreg.harness.trial import try_tool
from toolreg.sandbox import Sandbox

TOOL = '''
from smolagents import tool

_CALLS = []

@tool
def shout(text: str, times: int = 1) -> str:
    """Say a text loudly.

    Side effects: none

    Args:
        text: What to say.
        times: How often.

    Returns:
        The text in capitals.

    Examples:
        >>> shout("hi")
        'HI'
    """
    {body}
    return text.upper()
'''


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    try:
        with Sandbox() as made:
            yield made
    except SandboxUnavailable as error:
        pytest.skip(f"no sandbox here: {error}")


def tried(body: str, sandbox: Sandbox, *, together: bool) -> Trial:
    tool = parse_module("/dev/null/shout.py", TOOL.replace("{body}", body).encode()).tools[0]
    made = bundle(tool)
    return try_tool(tool, made.code, made.entry, (), sandbox, together=together)


def call(*effects: str, **arguments: object) -> CallCase:
    return CallCase("generated call", arguments, Granted(tuple(Effect.parse(e) for e in effects)))


def reads(target: str) -> CallCase:
    return CallCase("generated call", {}, Granted((Effect("read", target),)))


def sizes(cases: list[Shared], code: bytes = b"def f(): ...") -> list[int]:
    return [len(group) for group in groups(cases, code)]


def test_calls_with_the_same_grant_share() -> None:
    repeat = RepeatCase("the 10th call", ("f(1)",), Granted((Effect.parse("net: a.org"),)))
    assert sizes([repeat, call("net: a.org", n=1), call("net: a.org", n=2)]) == [3]


def test_what_a_call_alone_may_do_is_not_lent_to_others() -> None:
    assert sizes([call("read: a.csv"), call("read: b.csv"), call("read: a.csv", n=2)]) == [2, 1]


def test_made_up_targets_are_no_use_to_other_calls() -> None:
    assert sizes([call("read: é漢😀"), call("read: " + "x" * 300), call("read: ';--")]) == [3]


def test_a_made_up_target_that_stands_in_the_code_is_not_shared() -> None:
    assert sizes([call("read: é漢😀"), call("read: ñ")], "OPENS = 'ñ'".encode()) == [1, 1]


@pytest.mark.parametrize("wide", ["*", "..", "~é", "/é", "é*", "é?", "[é]"])
def test_a_target_that_may_mean_more_than_itself_is_not_shared(wide: str) -> None:
    assert sizes([reads(wide), call("read: ñ")]) == [1, 1]


def test_a_coroutine_is_awaited_so_each_call_is_its_own() -> None:
    assert sizes([call(n=1), call(n=2)], b"async def f(): ...") == [1, 1]


def test_a_group_is_granted_what_its_members_are() -> None:
    whole = joined([call("read: é", path="é"), call("read: ñ", path="ñ")], "peek")
    assert [str(e) for e in whole.granted.effects] == ["read:é", "read:ñ"]
    assert whole.sources == ("peek(**{'path': 'é'})", "peek(**{'path': 'ñ'})")


def test_every_case_has_its_result_and_few_processes_ran(sandbox: Sandbox) -> None:
    alone, shared = (tried("pass", sandbox, together=t) for t in (False, True))
    assert [r.title for r in shared.results] == [r.title for r in alone.results]
    assert not shared.failed
    assert len({id(r.observation) for r in shared.results}) == 3 < len(alone.results)


def test_the_call_that_reaches_out_is_named(sandbox: Sandbox) -> None:
    body = "if len(text) > 200:\n        open('/etc/hostname').read()"
    alone, shared = (tried(body, sandbox, together=t) for t in (False, True))
    assert [(r.title, r.beyond) for r in shared.results if r.beyond] == [
        (r.title, r.beyond) for r in alone.results if r.beyond
    ]
    assert shared.failed


def test_what_only_the_seventieth_call_does_is_seen_though_no_case_does_it_alone(sandbox: Sandbox) -> None:
    body = "_CALLS.append(1)\n    if len(_CALLS) == int('70'):\n        open('/etc/hostname').read()"
    alone, shared = (tried(body, sandbox, together=t) for t in (False, True))
    assert not alone.failed
    assert "in one process" in shared.results[-1].title
    assert [str(e) for e in shared.results[-1].beyond] == ["read:/etc/hostname"]


def test_a_call_that_ends_the_process_is_tried_on_its_own(sandbox: Sandbox) -> None:
    body = "import os\n    if text == '':\n        os._exit(3)"
    shared = tried(body, sandbox, together=True)
    assert [r.failures for r in shared.results if r.failures] == [("was stopped: exit 3",)]
