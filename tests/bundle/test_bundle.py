"""The published form of one file: what it keeps, what it says of itself, and what it refuses."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from typing import Any

import pytest

from toolreg.bundle import Bundle, Case, bundle, prove
from toolreg.bundle.proof import diff, in_sandbox
from toolreg.contract import ToolSource, parse_module
from toolreg.errors import BundleError, HarnessError
from toolreg.sandbox import Sandbox


def tool(code: str) -> ToolSource:
    return parse_module("m.py", textwrap.dedent(code).lstrip().encode()).tools[-1]


def function(body: str, head: str = "", sig: str = "(text: str) -> str") -> str:
    return f'from smolagents import tool\n{head}\n@tool\ndef shown(text: str) -> str:\n    """Show.\n\n    Args:\n        text: Text.\n    """\n{textwrap.indent(body, "    ")}\n'.replace(
        "(text: str) -> str", sig
    )


def published(code: str) -> str:
    return bundle(tool(code)).code.decode()


def reasons(code: str) -> list[tuple[int, str]]:
    with pytest.raises(BundleError) as caught:
        bundle(tool(code))
    return list(caught.value.reasons)


def test_comments_strings_and_layout_stay_as_the_author_wrote_them() -> None:
    body = "# a comment, kept\nvalue = '''two\n   lines'''   # and this\nreturn (text +\n        value)"
    text = published(function(body))
    assert "    # a comment, kept\n    value = '''two\n" in text
    assert "   lines'''   # and this\n    return (text +\n            value)\n" in text


def test_only_what_the_tool_reaches_is_published() -> None:
    head = "import os, json\nimport sys as system\nUSED = 1\nUNUSED = 2\n# Says what it is.\ndef helper():\n    return USED\ndef other():\n    return UNUSED\n"
    text = published(function("return json.dumps(helper())", head))
    assert "import json\n" in text
    assert "# Says what it is.\ndef helper():" in text
    assert not any(word in text for word in ("UNUSED", "other", "system", "import os"))


def test_the_docstring_moves_to_the_class_and_effects_are_read_from_the_published_bytes() -> None:
    code = function("return text").replace("    Args:", "    Side effects:\n        net: {text}\n\n    Args:")
    made = bundle(tool(code))
    (read,) = parse_module("tool.py", made.code).tools
    assert [str(e) for e in read.declared or ()] == ["net:{text}"]
    assert made.code.count(b"Side effects") == 2  # the docstring, and the description that the model reads
    assert read.node.name == made.entry == "Shown"


def test_a_function_that_reads_its_own_docstring_keeps_it() -> None:
    assert published(function("return shown.__doc__ or ''")).count('"""Show.') == 2


def test_the_bytes_do_not_depend_on_where_the_file_lies() -> None:
    one, other = (
        parse_module("a.py", function("return text").encode()),
        parse_module("/x/b.py", function("return text").encode()),
    )
    assert dict(bundle(one.tools[0]).files) == dict(bundle(other.tools[0]).files)


def test_a_constructor_gets_room_for_the_words_of_load_tool() -> None:
    code = """
        from smolagents import Tool

        class Scale(Tool):
            name = "scale"
            description = "Scale."
            inputs = {"n": {"type": "integer", "description": "N."}}
            output_type = "integer"

            def __init__(
                self,
                factor: int = 1,  # how much
                *,
                plus: int,
            ):
                super().__init__()
                self.factor, self.plus = factor, plus

            def forward(self, n: int) -> int:
                return n * self.factor + self.plus

        TOOL = Scale(7, plus=-2)
        """
    text = published(code)
    assert "factor: int = 7,  # how much" in text
    assert "plus: int = -2, **kwargs," in text


def test_a_factory_says_nothing_of_one_instance_and_is_told_in_a_note() -> None:
    made = bundle(
        tool("""
        from smolagents import Tool

        class Ask(Tool):
            name = "ask"
            description = "Ask."
            inputs = {"n": {"type": "integer", "description": "N."}}
            output_type = "integer"

            def __init__(self, client):
                super().__init__()
                self.client = client

            def forward(self, n: int) -> int:
                return n

        def tools(client):
            return [Ask(client)]
        """)
    )
    assert made.needs == ("client",)
    assert [n.line for n in made.notes if "known only when it runs" in n.text] == [17]


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        (function("return __file__ + text"), 10, "__file__"),
        (function("return __package__ or text"), 10, "__package__"),
        (function("import surely_no_such_package\nreturn text"), 10, "surely_no_such_package"),
        (function("return text", sig="(text) -> str"), 4, "no type"),
        (function("return text").replace("@tool", "@print\n@tool"), 3, "put @tool on top"),
        ("from smolagents import tool\ndef outer(k):\n    @tool\n    def f(x: int) -> int:\n        '''F.\n\n        Args:\n            x: X.\n        '''\n        return k\n    return f\n", 10, "uses 'k', which outer() is given"),
        ("from smolagents import Tool\nclass A(Tool):\n    name = 'a'\n    @property\n    def inputs(self):\n        return {}\n    def forward(self) -> int:\n        return 1\n", 5, "`inputs` is a property"),
        ("from smolagents import Tool\nclass A(Tool):\n    name = 'a'\n    def forward(self) -> int:\n        return 1\n    def __init__(self, token):\n        pass\nT = A('hf_abcdefgh12345678')\n", 8, "secret"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_line_and_the_reason(code: str, line: int, reason: str) -> None:
    assert any(line == where and reason in text for where, text in reasons(code)), reasons(code)


def answers(source: Mapping[str, Any], mine: Mapping[str, Any]) -> Any:
    told = {"source": source, "bundle": mine}
    return lambda request: told[request["side"]]


GOOD = {
    "definition": {"name": "shown"},
    "results": [{"value": "1", "type": "int", "printed": ""}],
    "stock": "",
    "kwargs_error": "",
    "second_pass": "",
}


@pytest.mark.parametrize(
    ("mine", "reason"),
    [
        ({"error": "NameError: x"}, "the published form does not load"),
        ({**GOOD, "definition": {"name": "other"}}, '+  "name": "other"'),
        ({**GOOD, "results": [{"value": "2", "type": "int", "printed": ""}]}, '+  "value": "2"'),
        ({**GOOD, "kwargs_error": "TypeError: revision"}, "load_tool would fail"),
    ],
)
def test_any_difference_is_refused_and_shown(mine: Mapping[str, Any], reason: str) -> None:
    subject = tool(function("return text"))
    with pytest.raises(BundleError) as caught:
        prove(subject, bundle(subject), answers(GOOD, mine), cases=[Case(source="1")])
    assert reason in caught.value.reasons[0][1]


def test_a_difference_is_a_diff() -> None:
    assert diff({"a": 1}, {"a": 2}).splitlines()[-3:] == ['-  "a": 1', '+  "a": 2', " }"]


def test_a_bundle_that_was_changed_by_hand_is_caught(sandbox: Sandbox) -> None:
    subject = tool(function("return text + '!'"))
    made = bundle(subject)
    changed = Bundle(
        made.name, made.entry, {**made.files, "tool.py": made.code.replace(b"'!'", b"'?'")}, made.requirements
    )
    with pytest.raises(BundleError, match="gives another result"):
        prove(subject, changed, in_sandbox(sandbox), cases=[Case(arguments={"text": "x"})])


def test_published_code_may_import_only_what_it_requires(sandbox: Sandbox) -> None:
    subject = tool(function("import yaml\nreturn yaml.__name__"))
    made = bundle(subject)
    bare = Bundle(made.name, made.entry, made.files, ())
    with pytest.raises(BundleError, match=r"gives another result|does not load"):
        prove(subject, bare, in_sandbox(sandbox), cases=[Case(arguments={"text": "x"})])


SAVED_AGAIN = [
    function(
        "return helper(text) + str(LIMIT) + sum_of([1, 2])",
        "import json\nLIMIT = 3\ndef helper(t):\n    return json.dumps(t)\ndef sum_of(xs):\n    return str(sum(x for x in xs))\n",
    ),
    function('return f"""{text!r:>9}\n  {text}"""'),
    function(
        "def inner(v, *, k=2):\n    return v * k\nif (n := len(text)) > 1:\n    return inner(text) + str(n)\nreturn sorted(text, key=lambda c: c)[0]"
    ),
    function("return text + unit", sig="(text: str, *, unit: str = 'm') -> str").replace(
        "        text: Text.\n", "        text: Text.\n        unit: Unit.\n"
    ),
]


@pytest.mark.parametrize("code", SAVED_AGAIN)
def test_what_was_loaded_can_be_saved_and_loaded_again(code: str, sandbox: Sandbox) -> None:
    subject = tool(code)
    proof = prove(subject, bundle(subject), in_sandbox(sandbox), cases=[Case(arguments={"text": "ab"})])
    assert proof.second_pass == ""


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (function("global N\nN += 1\nreturn text + str(N)", "N = 0\n"), "keeps state"),
        (function("SEEN.append(text)\nreturn str(SEEN)", "SEEN = []\n"), "keeps state"),
        (function("return str(eval(text))"), "asks for names at run time"),
        ("import re\nfrom smolagents import Tool\nclass A(Tool):\n    name = 'a'\n    description = 'A.'\n    inputs = {}\n    output_type = 'string'\n    P = re.compile('x')\n    def forward(self) -> str:\n        return self.P.pattern\n", "is no literal"),
    ],
)  # fmt: skip
def test_what_smolagents_cannot_save_again_is_told(code: str, reason: str) -> None:
    made = bundle(tool(code))
    assert b"__source__" not in made.code
    assert any("cannot save the loaded tool again" in n.text and reason in n.text for n in made.notes)


def test_the_second_telling_is_the_same_code() -> None:
    tree = ast.parse(published(function("return text.upper()")))
    told = [
        n.value
        for n in tree.body
        if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]).endswith("__source__")
    ]
    assert "return text.upper()" in ast.literal_eval(told[0])


def test_a_child_that_gives_no_answer_is_no_proof() -> None:
    subject = tool(function("return text"))

    class Silent:
        def call(self, *_: object) -> object:
            return type("Seen", (), {"outcome": None})()

    with pytest.raises(HarnessError):
        prove(subject, bundle(subject), in_sandbox(Silent()), cases=[])  # type: ignore[arg-type]
