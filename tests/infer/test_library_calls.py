"""Three hundred calls of common packages: each effect is named, or said to be unknown; pure ones are pure."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from toolreg.contract import parse_module
from toolreg.infer import infer

TEXT = (Path(__file__).parent / "libraries.txt").read_text(encoding="utf-8")
CASES = [
    (head, body) for head, _, body in (block.partition("\n") for block in re.split(r"(?m)^### ", TEXT)[1:])
]
# What is known to be coarse: the file behind a variable, programs of a page's own images, a remote command.
COARSE = ("load_dotenv", "fabric", "weasyprint", "simpleeval")


@pytest.mark.parametrize(("kinds", "body"), CASES, ids=[b.partition("\n")[0][:50] for _, b in CASES])
def test_a_call_is_no_surprise(kinds: str, body: str) -> None:
    source = f"from smolagents import tool\n@tool\ndef t(x: str) -> str:\n{textwrap.indent(body, '    ')}    return ''\n"
    found = infer(parse_module("q.py", source.encode()).tools[-1])
    inferred = {effect.kind for effect in found.effects}
    wanted = set() if kinds == "-" else set(kinds.split())
    if not wanted:
        assert not inferred
        assert not found.unresolved
    elif not any(word in body for word in COARSE):
        assert wanted <= inferred or found.unresolved
