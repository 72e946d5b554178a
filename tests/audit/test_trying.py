"""Tools are tried beside libraries that were imported once, and still each in a process of its own."""

from __future__ import annotations

import pytest

from toolreg.audit.trying import HEAVY, LIGHT, libraries, prover, sandbox
from toolreg.contract import parse_module
from toolreg.errors import SandboxUnavailable
from toolreg.sandbox import CallTool, Policy, Returned, Sandbox


def wanted(source: str) -> frozenset[str]:
    return libraries(parse_module("/dev/null/a.py", source.encode()))


@pytest.fixture(autouse=True)
def _where_there_is_one() -> None:
    try:
        Sandbox()
    except SandboxUnavailable as error:
        pytest.skip(f"no sandbox here: {error}")


def test_a_tool_of_the_standard_library_waits_for_nothing() -> None:
    assert wanted("import json, urllib.request\nfrom . import requests") == frozenset()


def test_what_is_heavy_is_imported_for_those_alone_who_ask() -> None:
    assert wanted("def f():\n    import requests.adapters") == LIGHT
    assert wanted("from numpy import array") == LIGHT | HEAVY


def test_a_library_is_there_before_the_call_and_calls_share_nothing() -> None:
    code = b"def f():\n    import sys, requests\n    requests.mark = getattr(requests, 'mark', 0) + 1\n    return requests.mark\n"
    seen = [sandbox(LIGHT).call(code, CallTool("f", {}), Policy()) for _ in range(2)]
    assert [s.outcome.value for s in seen if isinstance(s.outcome, Returned)] == [1, 1]
    early = b"import sys\ndef f():\n    return 'requests' in sys.modules\n"
    outcomes = [
        s.call(early, CallTool("f", {}), Policy()).outcome for s in (sandbox(LIGHT), sandbox(frozenset()))
    ]
    assert [o.value for o in outcomes if isinstance(o, Returned)] == [True, False]


def test_a_library_that_does_not_import_costs_the_speed_alone() -> None:
    only_on_windows = frozenset(("multiprocessing.popen_spawn_win32",))
    assert sandbox(only_on_windows) is sandbox(frozenset())
    assert prover(only_on_windows)
