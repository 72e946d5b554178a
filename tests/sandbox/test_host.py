"""A tool that stays loaded."""

from __future__ import annotations

import threading

import pytest

from toolreg.sandbox import Killed, Limits, Policy, Raised, Returned, Tier
from toolreg.sandbox.host import Host

_COUNTER = b"""
import os, time
from smolagents import Tool

class Counter(Tool):
    seen = 0
    def forward(self, step=1, wait=0, end=None):
        time.sleep(wait)
        if end is not None:
            os._exit(end)
        self.seen += step
        return {"seen": self.seen, "pid": os.getpid()}

def odd():
    return {1, 2}

def broken():
    raise ValueError("no")

def flood():
    return "x" * (1 << 20)

def secret():
    return open("/etc/shadow").read()
"""


@pytest.fixture
def host(tier: Tier) -> Host:
    return Host(_COUNTER, "Counter", Policy(limits=Limits(wall=5)), tier=tier)


def test_what_the_tool_keeps_is_there_at_the_next_call(host: Host) -> None:
    with host:
        first, second = host.call({}), host.call({"step": 2})
    assert isinstance(first, Returned)
    assert isinstance(second, Returned)
    assert (first.value["seen"], second.value["seen"]) == (1, 3)  # type: ignore[index, call-overload]
    assert first.value["pid"] == second.value["pid"]  # type: ignore[index, call-overload]
    assert host.call({}) == Killed("closed")


def test_calls_of_many_threads_take_turns(host: Host) -> None:
    answers: list[object] = []
    with host:
        threads = [threading.Thread(target=lambda: answers.append(host.call({}))) for _ in range(20)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert sorted(each.value["seen"] for each in answers) == list(range(1, 21))  # type: ignore[attr-defined]


def test_a_call_that_takes_too_long_ends_the_host(tier: Tier) -> None:
    with Host(_COUNTER, "Counter", Policy(limits=Limits(wall=0.5)), tier=tier) as host:
        assert host.call({"wait": 60}) == Killed("timeout")
        assert host.call({}) == Killed("timeout")


def test_a_tool_that_ends_itself_is_told_so(host: Host) -> None:
    with host:
        assert host.call({"end": 3}) == Killed("exit 3")


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        ("missing", Raised("AttributeError", "module 'tool' has no attribute 'missing'")),
        ("broken", Raised("ValueError", "no")),
        ("odd", Returned([1, 2], "set", False)),
        ("flood", Killed("result")),
    ],
)
def test_whatever_it_answers_is_read_as_data(tier: Tier, entry: str, outcome: object) -> None:
    with Host(_COUNTER, entry, Policy(limits=Limits(result=1 << 16)), tier=tier) as host:
        assert host.call({}) == outcome


def test_it_reaches_no_more_than_a_fresh_call(tier: Tier) -> None:
    with Host(_COUNTER, "secret", Policy(), tier=tier) as host:
        outcome = host.call({})
    assert isinstance(outcome, Raised)
    assert outcome.type in ("FileNotFoundError", "PermissionError")
