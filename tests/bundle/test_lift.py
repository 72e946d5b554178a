"""Tools made inside functions: published where what they close over is known, refused with the line where it is not."""

from __future__ import annotations

import textwrap

import pytest

from toolreg.bundle import Bundle, Case, bundle, prove
from toolreg.bundle.proof import in_sandbox
from toolreg.contract import ToolSource, parse_module
from toolreg.errors import BundleError
from toolreg.sandbox import Sandbox

DOC = '''"""Show.

        Args:
            text: Text.
        """'''
CLASS = """
from smolagents import Tool
class Client:
    def __init__(self, key=None, **more): self.key, self.more = key, more
    def get(self, text): return f"{self.key}{sorted(self.more)}{text}"
def make(key=None, *, size: int = 3, **more):
    '''Make.'''
    if size > 9:
        return []
    from smolagents import Tool
    client = Client(key=key, **more)
    class Shown(Tool):
        name = "shown"
        description = LATER["shown"]
        inputs = {"text": {"type": "string", "description": '''T
  with a margin.'''}}
        output_type = "string"
        def __init__(self, times=1):
            super().__init__()
            self.times = times
        def forward(self, text: str) -> str:
            return client.get(text) * self.times + str(size)
    return [
        Shown(times=2),
    ]
LATER = {"shown": "Shows."}
"""


def tool_of(code: str) -> ToolSource:
    return parse_module("nested.py", textwrap.dedent(code).encode()).tools[-1]


def proven(code: str, sandbox: Sandbox, *, source: str = "") -> Bundle:
    tool = tool_of(code)
    assert tool.nested
    made = bundle(tool)
    case = Case(source=source) if source else Case(arguments={"text": "a"})
    assert prove(tool, made, in_sandbox(sandbox), cases=[case]).cases == 1
    return made


def function(
    before: str, returned: str, head: str = "def make(limit=3, *names, sep: str = '-', **more):"
) -> str:
    return f"""
from smolagents import tool
{head}
    {before}
    @tool
    def shown(text: str) -> str:
        {DOC}
        return {returned}
    return shown
"""


def test_a_class_over_a_client_built_from_defaults(sandbox: Sandbox) -> None:
    made = proven(CLASS, sandbox)
    assert any("made by make()" in note.text for note in made.notes)


def test_a_function_over_parameters_with_defaults(sandbox: Sandbox) -> None:
    made = proven(function("total = limit * 2", "f'{text}{total}{sep}{names}{more}'"), sandbox)
    assert b"sep = '-'" in made.code


def test_the_one_call_of_the_file_gives_the_values(sandbox: Sandbox) -> None:
    code = (
        function("total = limit * 2", "f'{text}{total}'", "def make(limit):")
        + "\nSIZE = 7\nshown = make(SIZE)\n"
    )
    assert b"limit = 7" in proven(code, sandbox).code


def test_a_local_that_is_changed_is_changed_alike(sandbox: Sandbox) -> None:
    code = function("seen = 0", "bump(text)", "def make():").replace(
        "    seen = 0\n",
        "    seen = 0\n    def bump(text):\n        nonlocal seen\n        seen += 1\n        return f'{text}{seen}'\n",
    )
    proven(code, sandbox, source="shown('a') + shown('b')")


@pytest.mark.parametrize("mark", ["", "@staticmethod\n  ", "@classmethod\n  "])
def test_a_method_that_uses_nothing_of_its_object_is_a_function(sandbox: Sandbox, mark: str) -> None:
    first = "" if "static" in mark else "cls, " if mark else "self, "
    head = f"class A:\n  UNIT = 'km'\n  {mark}def make({first}limit=3):"
    made = proven(
        function("total = limit * 2", "f'{text}{total}'", head) + "\nTOOLS = [A().make()]\n", sandbox
    )
    assert b"class A" not in made.code


@pytest.mark.parametrize(
    ("code", "reason", "line"),
    [
        (function("pass", "client.get(text)", "def make(client):"), "uses 'client', which make() is given", 12),
        (function("pass", "text + key", "def make(key):") + "\nmake('a')\nmake('b')\n", "called in different ways", 3),
        (function("pass", "text + token", "def make(token):") + "\nmake(token='abc123')\n", "looks like a secret", 15),
        (function("len = 3", "text", "def make():") + "\nsize = len('a')\n", "'len' is a name of the file", 3),
        (function("yield 1", "text", "def make():"), "more than a plain function", 6),
        (function("pass", "text + self.unit", "class A:\n  def make(self):"), "uses 'self', which has a value only when", 13),
        (function("pass", "text + A.unit", "class A:\n  def make(self):"), "uses 'A'", 13),
        (function("pass", "text", "class A:\n  def make(self):") + "\ndef other(): return A()\n", "uses the class A", 16),
        (function("pass", "text", "class A:\n  @property\n  def make(self):"), "which a decorator changes", 5),
        (function("pass", "text", "def outer():\n  def make():"), "a function in a function", 7),
        (function("pass", "text", "for word in ('a', 'b'):\n  def make():"), "made in a loop", 3),
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_refused_with_its_line(code: str, reason: str, line: int) -> None:
    with pytest.raises(BundleError) as caught:
        bundle(tool_of(code))
    assert any(reason in text and number == line for number, text in caught.value.reasons), (
        caught.value.reasons
    )
