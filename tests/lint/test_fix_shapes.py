"""Fixes over many shapes of source: what results parses, does the same, and keeps every byte outside the edits."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.contract.docstring import docstring_node
from toolreg.lint import LintConfig, load_rules
from toolreg.lint.fixes import fix_bytes

RULES = load_rules()
SOURCES = dict(
    block.split("\n", 1)
    for block in re.split(r"(?m)^### ", Path(__file__).with_name("fixes.txt").read_text())[1:]
)
FORMATS: dict[str, Callable[[str], bytes]] = {
    "lf": lambda text: text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "open end": lambda text: text.rstrip("\n").encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
}


def fixed(data: bytes, unsafe: bool) -> bytes:
    return fix_bytes("t.py", data, RULES, LintConfig(), unsafe=unsafe)[0]


def does(data: bytes) -> str:
    """The code without what fixes may change: docstrings, hints, timeouts, super().__init__(), input types."""
    tree = ast.parse(data)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            if docstring_node(node) is not None:
                body.pop(0)
            body[:] = [s for s in body if ast.unparse(s) != "super().__init__()"]
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg != "timeout"]
        if isinstance(node, ast.Dict):
            kept = [
                (k, v)
                for k, v in zip(node.keys, node.values, strict=True)
                if k is None or ast.unparse(k) not in _CHANGED
            ]
            node.keys, node.values = [k for k, _ in kept], [v for _, v in kept]
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "output_type":
            node.value = ast.Constant("")
    return ast.dump(tree)


_CHANGED = ("'nullable'", "'type'")


def comments(data: bytes) -> list[str]:
    return [t.string for t in tokenize.tokenize(io.BytesIO(data).readline) if t.type == tokenize.COMMENT]


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SOURCES)
def test_a_fixed_tool_does_the_same_and_keeps_its_form(name: str, form: str, unsafe: bool) -> None:
    before = FORMATS[form](SOURCES[name])
    after = fixed(before, unsafe)
    assert fixed(after, unsafe) == after
    assert does(after) == does(before)
    if "suppr" not in name:
        assert comments(after) == comments(before)
    assert after.endswith(b"\n") == before.endswith(b"\n")
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    if b"\r\n" in before:
        assert after.count(b"\n") == after.count(b"\r\n")


def test_a_numpy_docstring_keeps_its_notes() -> None:
    after = fixed(SOURCES["numpy"].encode(), True).decode()
    assert "    Args:\n        url: Where it is, over two lines.\n        n: How many.\n" in after
    assert "    Raises:\n        ValueError: If it is bad.\n" in after
    assert "    Notes:\n        Keep this note.\n" in after


def test_a_timeout_gets_a_line_of_its_own_in_a_call_of_several_lines() -> None:
    after = fixed(SOURCES["timeout"].encode(), True).decode()
    assert '            "a": 1,\n        },\n        timeout=30,\n    )\n' in after
    assert "(url, # why\n           timeout=30,\n       )" in after
