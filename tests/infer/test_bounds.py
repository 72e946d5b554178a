"""Odd code: bounded, named, never a crash, never a silent "no effects"."""

import ast
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolreg.contract import parse_module
from toolreg.errors import SourceError
from toolreg.infer import Inference, InferOptions, infer

Infer = Callable[..., Inference]
CASES = Path(__file__).parents[2] / "benchmarks" / "effects" / "cases"


def test_ten_thousand_branches_are_walked(inferred: Infer) -> None:
    branches = "".join(f"    if n == {i}:\n        v{i % 50} = 'f{i}.txt'\n" for i in range(10_000))
    found = inferred(f"@tool\ndef t(n: int) -> str:\n{branches}    return open('x').read()\n")
    assert [str(e) for e in found.effects] == ["read:x"]


def test_a_long_chain_of_elif_is_walked(inferred: Infer) -> None:
    chain = "    if n == 0:\n        p = 'a'\n" + "".join(
        f"    elif n == {i}:\n        p = 'b'\n" for i in range(1, 300)
    )
    found = inferred(
        f"@tool\ndef t(n: int) -> str:\n{chain}    else:\n        p = 'c'\n    return open(p).read()\n"
    )
    assert [str(e) for e in found.effects] == ["read:a", "read:b", "read:c"]


def test_the_bound_is_named_and_not_silent(inferred: Infer) -> None:
    body = "".join(f"    x{i} = a + 'x'\n" for i in range(500))
    found = inferred(f"@tool\ndef t(a: str) -> str:\n{body}    return a\n", InferOptions(max_steps=100))
    assert [u.reason for u in found.unresolved] == ["too large to follow: stopped after 100 steps"]


def test_recursion_ends(effects: Callable[[str], list[str]]) -> None:
    source = """\
        def even(n, p): return odd(n - 1, p + "x")
        def odd(n, p):
            open(p)
            return even(n - 1, p + "y")
        @tool
        def t(path: str) -> str:
            return even(3, path)
        """
    assert "read:{path}x" in effects(source)


def test_functions_that_call_each_other_twice_do_not_explode(inferred: Infer) -> None:
    helpers = "".join(f"def f{i}(x):\n    return f{i + 1}(x + 'a') + f{i + 1}(x + 'b')\n" for i in range(30))
    found = inferred(
        f"{helpers}def f30(x):\n    return open('end.txt').read()\n@tool\ndef t(a: str) -> str:\n    return f0(a)\n"
    )
    assert "read:end.txt" in [str(e) for e in found.effects]


def test_a_text_of_thousands_of_pieces_is_put_together(inferred: Infer) -> None:
    pieces = " + ".join(["'a'"] * 800)
    assert inferred(f"@tool\ndef t(a: str) -> str:\n    return open({pieces}).read()\n").effects


def test_deep_nesting_is_named(inferred: Infer) -> None:
    nested = "f(" * 85 + "open('x')" + ")" * 85
    found = inferred(f"def f(x): return x\n@tool\ndef t(a: str) -> str:\n    return {nested}\n")
    assert "read" in {e.kind for e in found.effects} or found.unresolved


def test_a_class_that_is_its_own_base_is_read(inferred: Infer) -> None:
    inferred(
        "class A(A): pass\nclass T(Tool, A):\n    name = 't'\n    def forward(self): return self.x.y()\n"
    )


def _sources() -> list[str]:
    found = []
    for name in ("dev", "adversarial", "lookalike"):
        text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
        found += [block.split("\n", 1)[1] for block in text.split("### ")[1:]]
    return found


SOURCES = _sources()


def _mutated(source: str, seed: int) -> str:
    """Swap, drop and double pieces of a program's tree; what comes out still parses."""
    chance = random.Random(seed)
    tree = ast.parse(source)
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.expr)]
    pool = [n for n in nodes if not isinstance(getattr(n, "ctx", ast.Load()), (ast.Store, ast.Del))]
    for parent in list(ast.walk(tree)):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.expr) and value in pool and chance.random() < 0.08:
                setattr(parent, field, chance.choice(pool))
            elif (
                isinstance(value, list) and value and isinstance(value[0], ast.stmt) and chance.random() < 0.2
            ):
                chance.shuffle(value)
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (RecursionError, ValueError, AttributeError):  # a tree that has become its own part
        return source


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(index=st.integers(0, len(SOURCES) - 1), seed=st.integers(0, 2**32))
def test_no_program_makes_the_inference_raise(index: int, seed: int) -> None:
    try:
        module = parse_module("t.py", _mutated(SOURCES[index], seed).encode())
    except SourceError:
        return
    for tool in module.tools:
        infer(tool, options=InferOptions(max_steps=20_000))


@pytest.mark.parametrize(
    "source",
    [
        "@tool\ndef t(): ...\n",
        "@tool\ndef t(*a, **k): return a[0](*a, **k)\n",
        "class T(Tool): pass\n",
        "class T(Tool):\n    forward = None\n    name = 'x'\n",
        "@tool\nasync def t(a: 'no such type['): return await a\n",
    ],
)
def test_odd_tools_are_read(inferred: Infer, source: str) -> None:
    inferred(source)
