"""Other ways to write what each rule is about, and near misses: `### CODE bad|good title`, then the code.

A case that holds no whole tool is the body of one; `# sig:`, `# fx:`, `# top:`, `# ex:`, `# sum:`, `# name:` and
`# arg:` lines before it give its signature, effects, what stands above it, its example, summary, name and arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolreg.lint.example import function_tool
from toolreg.lint.packs import load_rules
from toolreg.testing import codes_in

_RULES = load_rules()
_FIELD = re.compile(r"# (sig|fx|top|ex|sum|name|arg): (.*)")


def module(code: str) -> str:
    """The whole module of a case."""
    if "@tool\n" in code or "Tool):" in code:
        return (
            code
            if "import" in code and "smolagents" in code
            else f"from smolagents import tool, Tool\n{code}"
        )
    lines, given = code.split("\n"), dict[str, list[str]]()
    while lines and (match := _FIELD.fullmatch(lines[0])):
        given.setdefault(match[1], []).append(match[2].replace("\\n", "\n"))
        lines.pop(0)
    signature, _, returns = given.get("sig", ["text: str -> str"])[0].rpartition("->")
    made = function_tool(
        "\n".join(lines) or "return text.splitlines()[0]",
        signature=signature.strip(),
        returns=returns.strip(),
        effects=given.get("fx", ["none"])[0].replace(";", "\n"),
        name=given.get("name", ["first_line"])[0],
        summary=given.get("sum", ["Shorten a text to its first line."])[0],
        examples=given.get("ex", [">>> first_line('one')\n'one'"])[0],
        args={a.partition(":")[0]: a.partition(":")[2].strip() for a in given["arg"]}
        if "arg" in given
        else None,
    )
    return "".join(f"{line}\n" for line in given.get("top", [])) + made


def cases() -> Iterator[tuple[str, str, str]]:
    for path in sorted((Path(__file__).parent / "variants").glob("*.txt")):
        for block in re.split(r"(?m)^### ", path.read_text(encoding="utf-8"))[1:]:
            title, _, code = block.partition("\n")
            yield title.split(" ")[0], title, module(code.strip("\n"))


@pytest.mark.parametrize(("code", "title", "source"), [pytest.param(*c, id=c[1]) for c in cases()])
def test_a_variant_is_found_and_a_near_miss_is_not(code: str, title: str, source: str) -> None:
    assert (code in codes_in(source, _RULES)) == (title.split(" ")[1] == "bad"), source
