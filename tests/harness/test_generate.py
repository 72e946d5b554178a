"""Made-up arguments: the same ones every time, every edge of every type, images and sound included."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.contract import ToolSource, parse_module, read_module
from toolreg.harness import media
from toolreg.harness.constants import constants
from toolreg.harness.generate import SEED, edge_values, generated_cases
from toolreg.harness.trial import Trial, try_tool


def tool(parameters: str) -> ToolSource:
    text = f'from smolagents import tool\n\n\n@tool\ndef probe({parameters}) -> str:\n    """Do.\n    """\n    return ""\n'
    return parse_module("probe.py", text.encode()).tools[0]


def test_the_same_calls_are_made_every_time_and_name_their_seed() -> None:
    one, other = (generated_cases(tool("text: str, n: int = 1"), ()) for _ in range(2))
    assert one == other
    assert len(one) == 12
    assert all(str(SEED) in case.title for case in one)


def test_what_is_loaded_beside_makes_no_difference() -> None:
    code = "from toolreg.contract import parse_module\nfrom toolreg.harness.generate import generated_cases\n"
    code += f"tool = parse_module('probe.py', {tool('a: str, b: int, c: float').module.data!r}).tools[0]\n"
    code += "print([dict(c.arguments) for c in generated_cases(tool, ())])"
    more = "import toolreg.sandbox.probe, toolreg.infer, toolreg.lint\n"
    one, other = (
        subprocess.run(
            [sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=120
        ).stdout
        for text in (code, more + code)
    )
    assert one == other


@pytest.mark.parametrize(
    ("schema", "holds"),
    [
        ({"type": "string"}, ["", "é漢\U0001f600", "a\x00b"]),
        ({"type": "integer"}, [0, -1, 2**31]),
        ({"type": "string", "enum": ["a", "b"], "nullable": True}, ["a", "b", None]),
        ({"type": ["integer", "null"]}, [0, None]),
        ({"type": "array", "items": {"type": "string"}}, [[], [""]]),
        ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, [[[0]], [[]]]),
        ({"type": "object"}, [{}, {"": None}]),
        ({"type": "any"}, ["", None, []]),
    ],
)
def test_edges_of_every_type(schema: dict[str, object], holds: list[object]) -> None:
    edges = edge_values(schema)
    assert all(each in edges for each in holds)
    if "enum" in schema:
        assert len(edges) == len(holds)


def test_images_and_sound_are_made_up_too() -> None:
    pytest.importorskip("PIL", reason="needs Pillow")
    assert {media.incoming(each).mode for each in edge_values({"type": "image"})} == {"RGB", "RGBA", "L"}
    assert [len(media.incoming(each)[1]) for each in edge_values({"type": "audio"})] == [1600, 160, 1, 0]


PICTURE = '''from smolagents import Tool


class Width(Tool):
    """Measure a picture.

    Side effects: none

    Examples:
        >>> callable(width)
        True
    """

    name = "width"
    description = "Measure a picture."
    inputs = {"picture": {"type": "image", "description": "Any."}}
    output_type = "integer"

    def forward(self, picture):
        if picture.width > 60:
            open("/etc/hostname").read()
        return picture.width
'''


def test_a_tool_for_images_is_tried_with_images(tmp_path: Path, sandbox: object) -> None:
    pytest.importorskip("PIL", reason="needs Pillow")
    path = tmp_path / "width.py"
    path.write_text(PICTURE)
    (source,) = read_module(str(path)).tools
    good = try_tool(source, PICTURE.replace("> 60", "> 999").encode(), "Width", (), sandbox)  # type: ignore[arg-type]
    assert not good.failed
    values = [r.observation.outcome for r in good.results if r.observation and "generated" in r.title]
    assert {getattr(value, "value", None) for value in values} >= {1, 64, 3, 10}
    bad = try_tool(source, PICTURE.encode(), "Width", (), sandbox)  # type: ignore[arg-type]
    assert [str(e) for e in bad.results[-1].beyond] == ["read:/etc/hostname"]


def test_constants_of_comparisons_come_first_and_docstrings_not_at_all() -> None:
    found = constants(
        b'"""Doc."""\nX = "plain"\ndef f(t, n):\n    """Says."""\n    return t == "magic" or n > 31337 or t.startswith("go")\n'
    )
    assert found.texts[:2] == ("magic", "go")
    assert set(found.texts) == {"magic", "go", "plain"}
    assert found.numbers == (31337,)


def test_days_that_the_code_names() -> None:
    code = b"import datetime\nA = datetime.date(2027, 3, 1)\nB = '2028-02-30'\nC = '2028-02-29'\nD = 1893456000\nE = (9, 9, 9)\n"
    # New Year of 2027 and of 2028 for the year, two days of A and of C, one moment of D.
    assert len(constants(code).moments) == 7
    assert constants(b"def (").texts == ()


def test_an_enum_is_tried_value_by_value(
    try_made: Callable[..., Trial], said: Callable[[Trial], list[str]]
) -> None:
    trial = try_made(
        head="from typing import Literal",
        parameters='text: str, mode: Literal["slow", "fast"] = "slow"',
        body="if mode[0] == chr(102):\n    open('/etc/hostname').read()\nreturn text.upper()",
    )
    assert "read:/etc/hostname" in " ".join(said(trial))
