"""A case that could not judge a tool leaves it INCOMPLETE, whatever the others say; each way to get there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolreg.harness import Trial
from toolreg.pipeline import check_paths

UP = "return text.upper()"
ASK = (
    "try:\n    with urllib.request.urlopen('http://a.example/', timeout=5) as answer:\n        return answer.read().decode()\n"
    "except OSError:\n    return 'ONE TWO'"
)
WAYS: dict[str, tuple[dict[str, Any], str]] = {
    "no example": ({"body": UP, "examples": ""}, "no case ran"),
    "every example skipped": ({"body": UP, "examples": ">>> probe('a')  # doctest: +SKIP\n'A'"}, "no case ran"),
    "an argument that is no literal": (
        {"body": "try:\n    with open(text) as file:\n        return file.read()\nexcept OSError:\n    return ''",
         "effects": "read: {text}", "examples": ">>> probe('a' + str(1))\n''"},
        "is no literal",
    ),
    "no recorded answer": (
        {"body": ASK, "head": "import urllib.request", "effects": "net: a.example"}, "no recorded answer for GET http://a.example/",
    ),
    "a broken recording": (
        {"body": UP, "broken": b"{", "examples": ">>> probe('one two')\n'ONE TWO'"}, "could not run: ",
    ),
    "a write into the system's folders": (
        {"body": f"try:\n    open('/usr/x', 'w').close()\nexcept OSError:\n    pass\n{UP}", "effects": "write: ../../usr/x"}, "",
    ),
    "more system calls than are kept": (
        {"body": f"for n in range(60_000):\n    try:\n        open('data.txt').close()\n    except OSError:\n        pass\n{UP}",
         "effects": "read: data.txt", "files": {"data.txt": "x"}},
        "",
    ),
    "more output than can be searched": (
        {"body": f"import os\nos.environ.get('ACME_KEY')\nos.write(1, b'x' * 3_000_000)\n{UP}", "effects": "env: ACME_KEY"},
        "printed more than is kept",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_it_is_never_approved(way: str, make: Callable[..., Path]) -> None:
    parts, reason = WAYS[way]
    parts = dict(parts)
    broken = parts.pop("broken", None)
    path = make(**parts)
    if broken is not None:
        path.with_suffix(".responses.json").write_bytes(broken)
    (judged,) = check_paths([str(path)]).judged
    said = " | ".join(map(str, judged.verdict.reasons))
    assert judged.verdict.status != "APPROVED", said
    assert reason in said


def test_problems_alone_are_incomplete_and_not_blocked(
    try_made: Callable[..., Trial], said: Callable[[Trial], list[str]]
) -> None:
    trial = try_made(body=ASK, head="import urllib.request", effects="net: a.example")
    assert not trial.failed
    assert any("no recorded answer" in each for each in said(trial))


def test_one_broken_companion_does_not_keep_another_tool_from_its_verdict(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    make(body=UP)
    other = tmp_path / "other.py"
    other.write_text((tmp_path / "probe.py").read_text().replace("probe", "other"))
    (tmp_path / "other.responses.json").write_bytes(b"[")
    found = {j.tool.name: j.report.trial for j in check_paths([str(tmp_path)]).judged}
    assert found["other"] is not None
    assert "could not run" in found["other"].results[0].problems[0]
    assert found["probe"] is not None
    assert not found["probe"].results[0].problems
