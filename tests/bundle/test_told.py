"""`__source__` of a published file is the file's own code, or the file is refused."""

from __future__ import annotations

import pytest

from toolreg.bundle import bundle
from toolreg.bundle.again import COMMENT
from toolreg.bundle.told import plain_code
from toolreg.contract import parse_module
from toolreg.errors import BundleError

SOURCE = '''
from smolagents import tool
import json

def helper(text):
    return json.dumps(text)

@tool
def shown(text: str) -> str:
    """Show.

    Args:
        text: Text.

    Returns:
        JSON.
    """
    return f"{helper(text)!r:>9}"
'''
MADE = bundle(parse_module("shown.py", SOURCE.encode()).tools[0])
CODE = MADE.code.decode()


def test_the_second_telling_that_was_made_with_the_file_is_taken() -> None:
    assert CODE.count("__source__") >= 2
    assert "__source__" not in plain_code(CODE, MADE.entry)


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.replace("def helper(text):\\n", "def helper(text):\\n        import os\\n", 1),
        lambda code: code.replace("return json.dumps(text)\\n", "return open('/etc/passwd').read()\\n"),
        lambda code: code + f'{MADE.entry}.__source__ = "class A: pass"\n',
        lambda code: code + 'import os\n',
        lambda code: code + 'shown.__source__ += "1"\n',
        lambda code: code.replace(COMMENT, "\n") ,
        lambda code: code.replace(COMMENT, COMMENT + "import os\n"),
        lambda code: code.replace(COMMENT, f'\nsetattr({MADE.entry}, "__source__", "")\n' + COMMENT),
        lambda code: code.replace(COMMENT, f'\n{MADE.entry}.forward.__ſource__ = "x"\n' + COMMENT),
        lambda code: code.replace(COMMENT, f'\nsetattr({MADE.entry}, "__sour\\x63e__", "")\n' + COMMENT),
        lambda code: code.partition(COMMENT)[0].replace("json.dumps(text)", "text") + COMMENT + code.partition(COMMENT)[2],
    ],
)  # fmt: skip
def test_a_second_telling_that_is_other_code_is_refused(change: object) -> None:
    changed = change(CODE)  # type: ignore[operator]
    assert changed != CODE
    with pytest.raises(BundleError) as caught:
        plain_code(changed, MADE.entry)
    assert caught.value.reasons[0][0] > 0


def test_a_published_file_bundles_to_itself() -> None:
    again = bundle(parse_module("tool.py", MADE.code).tools[0])
    assert again.code.decode().count(COMMENT) == 1
    assert plain_code(again.code.decode(), again.entry)


@pytest.mark.parametrize(
    "line",
    [
        'shown.__source__ = "def forward(self): ..."',
        'setattr(shown, "__source__", "x")',
        "helper.__source__ = ''",
    ],
)
def test_an_author_who_sets_it_is_refused_with_the_line(line: str) -> None:
    with pytest.raises(BundleError) as caught:
        bundle(parse_module("shown.py", f"{SOURCE}\n{line}\n".encode()).tools[0])
    assert any(number == 20 and "__source__" in text for number, text in caught.value.reasons)
