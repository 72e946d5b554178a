"""Files that nobody writes, and some that somebody does: lint says something, and never falls."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolreg.errors import SourceError
from toolreg.lint import LintConfig, lint, load_rules
from toolreg.lint.example import class_tool, function_tool
from toolreg.lint.fixes import fix_bytes
from toolreg.lint.judge import judge_bytes
from toolreg.testing import examples

RULES = load_rules()
SEEDS = sorted({e.source for e in examples()})
HEAD = "from smolagents import tool\n"


def judge(text: str | bytes):  # type: ignore[no-untyped-def]
    return judge_bytes(
        "tool.py", text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), RULES
    )


def expression(depth: int) -> str:
    return "(" * depth + "1" + ")" * depth


@pytest.mark.parametrize(
    "text",
    [
        HEAD + f"x = {expression(5000)}\n",
        HEAD + "x = " + "-" * 20000 + "1\n",
        HEAD + "x = " + "a." * 20000 + "b\n",
        HEAD + "x = " + " + ".join(["1"] * 20000) + "\n",
        HEAD + "x = " + "[" * 150 + "]" * 150 + "\n",
        function_tool("return " + "text." * 3000 + "x"),
        function_tool("return " + " + ".join(["text"] * 5000)),
        function_tool(
            "".join(f"{'    ' * n}if text:\n" for n in range(80)) + "    " * 80 + "return text\nreturn text"
        ),
        function_tool("return text", summary="Shorten a text. " + "word " * 200_000),
        function_tool("return text", args={"text": "x" * 1_000_000}),
        function_tool("\n".join(f"x{n} = text" for n in range(50_000)) + "\nreturn text"),
        HEAD + "@tool\ndef f(" + ", ".join(f"p{n}: int" for n in range(2000)) + ") -> int:\n    return 1\n",
        HEAD + "@tool\n" * 200 + "def f(): pass\n",
        HEAD + "class A(B, Tool): pass\nclass B(A, Tool): pass\n",
        HEAD + "class A(A): pass\n",
        HEAD + "@tool\ndef f(x: 'List[') -> 'in valid':\n    '''Args:\n        (((: x\n    '''\n",
        HEAD + "@tool\ndef f(*, a, /): pass\n",
        HEAD + "@tool\nclass F: pass\n",
        HEAD + "@tool\nasync def f(x=lambda: (yield)): await x\n",
        HEAD + "type X = int\n@tool\ndef f[T](x: T) -> T:\n    '''Doc.'''\n    return x\n",
        HEAD
        + "@tool\ndef f(x):\n    '''\n    Side effects:\n    Side effects:\n    Args:\n    Args:\n    '''\n",
        HEAD + "@tool\ndef f(x):\n    'a' 'b'\n    f'{x!r:>{x}}'\n    return (yield)\n",
        HEAD + "\x0c@tool\ndef f(x): '\u2028\x85'\n",
        "\ufeff" + function_tool("return text"),
        function_tool("return text").replace("\n", "\r\n"),
        function_tool("return text").replace("\n", "\r"),
        HEAD
        + "class T(Tool):\n    name = 1\n    inputs = {**x, 1: 2, 'a': {'type': ['string', 3]}}\n    output_type = ()\n    forward = None\n",
        HEAD + "match x:\n    case {'a': [1, *_]} if tool: pass\n",
    ],
    ids=range(28),
)
def test_odd_files_give_findings_or_an_error_that_names_the_file(text: str) -> None:
    outcome = judge(text)
    assert outcome.error is None or (
        isinstance(outcome.error, SourceError) and outcome.error.path == "tool.py"
    )


def test_a_file_of_50_000_lines_is_judged() -> None:
    source = function_tool("return input(text)") + "\n".join(
        f"def f{n}(x):\n    return x + {n}" for n in range(25_000)
    )
    outcome = judge(source)
    assert "TRG503" in {f.code for f in outcome.findings}


def test_a_file_that_is_too_large_is_named(tmp_path: Path) -> None:
    (tmp_path / "big.py").write_bytes(b"from smolagents import tool\n" + b"#" * 10_000_001)
    (error,) = lint([str(tmp_path / "big.py")]).errors
    assert "larger than 10 MB" in error.message


def test_an_unreadable_folder_or_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "tool.py").mkdir()
    (tmp_path / "fifo").mkdir()
    assert lint([str(tmp_path)]).errors[0].exit_code == 3


def test_a_tool_is_judged_in_files_of_many(tmp_path: Path) -> None:
    for n in range(300):
        (tmp_path / f"m{n}.py").write_text("x = 1\n")
    (tmp_path / "tool.py").write_text(function_tool("return input(text)"))
    result = lint([str(tmp_path)], LintConfig())
    assert (result.files, result.tools, [f.code for f in result.open]) == (301, 1, ["TRG503"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_mutated_tools_never_make_lint_fall(seed: str, number: int) -> None:
    outcome = judge(mutated(seed, random.Random(number)))
    assert outcome.error is None or isinstance(outcome.error, SourceError)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_mutated_tools_are_mended_into_files_that_still_parse(seed: str, number: int) -> None:
    data = mutated(seed, random.Random(number))
    after, _ = fix_bytes("tool.py", data, RULES, LintConfig(), unsafe=True)
    assert after == data or judge(after).error is None


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_never_make_lint_fall(data: bytes) -> None:
    outcome = judge(b"from smolagents import tool\n" + data)
    assert outcome.error is None or isinstance(outcome.error, SourceError)


def mutated(seed: str, rng: random.Random) -> bytes:
    """Lines and words swapped, dropped, doubled, or replaced by what another file has."""
    lines = seed.split("\n")
    other = rng.choice(SEEDS).split("\n")
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, rng.choice(other))
            case 2:
                lines[at] = lines[at].replace(
                    rng.choice("abcde():=,\"'"),
                    rng.choice(["", "é", "\u200b", "{", "}", "\\", "\t", "x" * 50]),
                    1,
                )
            case 3:
                lines[at] = "    " + lines[at]
            case 4:
                words = lines[at].split(" ")
                rng.shuffle(words)
                lines[at] = " ".join(words)
            case _:
                lines[at] = class_tool().split("\n")[rng.randrange(20)]
        lines = lines or [""]
    return "\n".join(lines).encode()
