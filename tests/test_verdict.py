"""The verdict is a pure function of the report: nothing judged is nothing approved."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from toolreg.bundle import Proof, bundle
from toolreg.contract import ToolSource, parse_module
from toolreg.effects import Effect
from toolreg.harness import CaseResult, Trial
from toolreg.infer import infer
from toolreg.sandbox import Isolation, Observation, ObservedEffect, Returned, Usage
from toolreg.verdict import Report, Status, decide

SOURCE = '''
from smolagents import tool


@tool
def peek(path: str) -> str:
    """Show the head of a file.

    Side effects:
        read: {path}

    Args:
        path: The file.

    Returns:
        Its head.

    Examples:
        >>> peek("a.txt")
        'a'
    """
    with open(path) as file:
        return file.read(100)
'''


def tool_of(source: str = SOURCE) -> ToolSource:
    return parse_module("peek.py", source.encode()).tools[0]


def seen(*effects: str) -> Observation:
    observed = tuple(ObservedEffect(Effect.parse(e), "done", "kernel") for e in effects)
    return Observation(Returned(None, "NoneType"), observed, "", "", False, (), Usage(), Isolation("A", {}))


def report(**changes: Any) -> Report:
    tool = changes.pop("tool", None) or tool_of()
    case = CaseResult("examples", 18, (Effect("read", "a.txt"),), seen("read: a.txt"))
    good = Report(
        tool=tool,
        declared=tool.declared,
        rules=50,
        findings=(),
        inference=infer(tool),
        bundle=bundle(tool),
        refusals=(),
        proof=Proof(1, {}),
        trial=Trial((case,)),
    )
    return replace(good, **changes)


def finding(**values: Any) -> Any:
    usual = {
        "path": "peek.py",
        "line": 3,
        "code": "TRG999",
        "name": "bad",
        "message": "bad",
        "severity": "error",
        "suppressed": None,
    }
    return SimpleNamespace(**{**usual, **values})


def test_what_stays_within_what_it_says_is_approved() -> None:
    assert decide(report()).status is Status.APPROVED


def test_what_the_code_can_do_beyond_its_word_blocks_with_the_call_path() -> None:
    tool = tool_of(SOURCE.replace("        return file", '        open("/etc/passwd")\n        return file'))
    verdict = decide(report(tool=tool))
    assert verdict.status is Status.BLOCKED
    assert "read:/etc/passwd" in verdict.reasons[0].text
    assert "builtins.open" in verdict.reasons[0].text


def test_what_it_was_seen_to_do_beyond_its_grant_blocks() -> None:
    case = CaseResult("examples", 18, (Effect("read", "a.txt"),), seen("read: a.txt", "net: evil.example"))
    verdict = decide(report(trial=Trial((case,))))
    assert verdict.status is Status.BLOCKED
    assert "net:evil.example" in verdict.reasons[0].text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rules": 0}, "no lint rule ran"),
        ({"declared": None}, "declares no effects"),
        ({"trial": None}, "was not tried"),
        ({"trial": Trial(())}, "no case ran"),
        ({"proof": None}, "was not proved"),
        ({"trial": Trial((CaseResult("examples", 18, (), seen(), problems=("no answer",)),))}, "no answer"),
    ],
)
def test_nothing_judged_is_nothing_approved(changes: dict[str, Any], says: str) -> None:
    verdict = decide(report(**changes))
    assert verdict.status is Status.INCOMPLETE
    assert any(says in reason.text for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"findings": (finding(),)}, "TRG999 bad"),
        ({"refusals": ((7, "uses __file__"),)}, "uses __file__"),
        ({"trial": Trial((CaseResult("examples", 18, (), seen(), failures=("raised",)),))}, "raised"),
    ],
)
def test_what_speaks_against_it_blocks(changes: dict[str, Any], says: str) -> None:
    verdict = decide(report(**changes))
    assert verdict.status is Status.BLOCKED
    assert any(says in reason.text for reason in verdict.reasons)


def test_a_suppressed_finding_does_not_block_but_an_undeclared_effect_cannot_be_suppressed() -> None:
    assert decide(report(findings=(finding(suppressed="vetted"),))).status is Status.APPROVED
    tool = tool_of(SOURCE.replace("        return file", '        open("/etc/passwd")\n        return file'))
    waived = (finding(name="undeclared-effect", suppressed="trust me"),)
    assert decide(report(tool=tool, findings=waived)).status is Status.BLOCKED


def test_an_open_question_blocks_approval_until_it_is_waived_with_a_reason() -> None:
    tool = tool_of(
        SOURCE.replace("        return file", "        getattr(file, path)()\n        return file")
    )
    open_report = report(tool=tool)
    (question,) = {q.line: q for q in open_report.open}.values()
    assert decide(open_report).status is Status.INCOMPLETE
    waiver = finding(name="unresolved-effect", line=question.line, suppressed="only ever `read`")
    waived = report(tool=tool, findings=(waiver,))
    assert decide(waived).status is Status.APPROVED
    assert waived.waiver(question) == "only ever `read`"
