from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from toolreg.contract import ToolSource, find_files, parse_module, read_module, spec_of
from toolreg.errors import SourceError


def tools(text: str, path: str = "tool.py") -> tuple[ToolSource, ...]:
    return parse_module(path, text.encode()).tools


def names(text: str, path: str = "tool.py") -> list[str]:
    return [t.name for t in tools(text, path)]


BODY = "def f(x: int) -> int:\n    '''Doc.'''\n    return x\n"


@pytest.mark.parametrize(
    "text",
    [
        f"from smolagents import tool\n@tool\n{BODY}",
        f"from smolagents import tool as t\n@t\n{BODY}",
        f"from smolagents.tools import tool\n@tool\n{BODY}",
        f"import smolagents\n@smolagents.tool\n{BODY}",
        f"import smolagents as sm\n@sm.tool\n{BODY}",
        f"import smolagents.tools\n@smolagents.tools.tool\n{BODY}",
        f"from smolagents import *\n@tool\n{BODY}",
        f"@tool\n{BODY}",
        f"from smolagents import tool\nimport functools\n@tool\n@functools.cache\n{BODY}",
        f"from smolagents import tool\nimport functools\n@functools.cache\n@tool\n{BODY}",
        f"from smolagents import tool\n@tool\nasync {BODY}",
        f"from smolagents import tool\nif True:\n    @tool\n    {BODY.replace(chr(10), chr(10) + '    ')}\n",
        f"try:\n    from smolagents import tool\nexcept ImportError:\n    pass\n@tool\n{BODY}",
        f"from smolagents import tool\ntry:\n    @tool\n    {BODY.replace(chr(10), chr(10) + '    ')}\nfinally:\n    pass\n",
        f"from smolagents import tool\nwith open('x') as y:\n    @tool\n    {BODY.replace(chr(10), chr(10) + '    ')}\n",
        f"from smolagents import tool\nmatch 1:\n  case 1:\n    @tool\n    {BODY.replace(chr(10), chr(10) + '    ')}\n",
    ],
)
def test_a_tool_function_is_found_however_it_is_marked(text: str) -> None:
    assert names(text) == ["f"]


@pytest.mark.parametrize(
    "text",
    [
        f"from langchain import tool\n@tool\n{BODY}",
        f"def tool(f): return f\n@tool\n{BODY}",
        f"from crewai.tools import tool\n@tool\n{BODY}",
        f"from smolagents import tool\n{BODY}",
        "from smolagents import Tool\nclass A: pass\n",
        "from pydantic_ai import Tool\nclass A(Tool): pass\n",
        "class Tool: pass\nclass A(Tool): pass\n",
        "from smolagents import Tool\nx = Tool\n",
    ],
)
def test_what_only_looks_like_a_tool_is_none(text: str) -> None:
    assert names(text) == []


CLASS = "    name = 'n'\n    description = 'd'\n    inputs = {}\n    output_type = 'string'\n    def forward(self): return ''\n"


@pytest.mark.parametrize(
    "text",
    [
        f"from smolagents import Tool\nclass A(Tool):\n{CLASS}",
        f"from smolagents import Tool as T\nclass A(T):\n{CLASS}",
        f"import smolagents\nclass A(smolagents.Tool):\n{CLASS}",
        f"from smolagents import VisitWebpageTool\nclass A(VisitWebpageTool):\n{CLASS}",
        f"from smolagents import Tool\nclass Base(Tool):\n    pass\nclass A(Base):\n{CLASS}",
        f"from smolagents import Tool\nclass Mixin: pass\nclass A(Mixin, Tool):\n{CLASS}",
        f"from .bases import Base\nclass A(Base):\n{CLASS}",
    ],
)
def test_a_tool_class_is_found_through_its_bases(text: str) -> None:
    (tool,) = tools(text)
    assert (tool.name, tool.node.name, tool.form) == ("n", "A", "class")


def test_a_fork_of_smolagents_is_read_too() -> None:
    text = f"from .tools import tool, Tool\n@tool\n{BODY}class A(Tool):\n{CLASS}"
    assert names(text, "site/smolagents/more.py") == ["f", "n"]
    assert names(text, "site/other/more.py") == []


def test_several_tools_come_in_the_order_of_their_lines_nested_ones_marked() -> None:
    text = f"from smolagents import tool\n@tool\n{BODY}\ndef make():\n    @tool\n    def g(): pass\n    return g\n@tool\ndef h(): pass\n"
    assert [(t.name, t.nested) for t in tools(text)] == [("f", False), ("g", True), ("h", False)]


def test_attributes_and_methods_come_from_bases_in_the_same_file() -> None:
    (tool,) = tools(
        f"from smolagents import Tool\nclass Base(Tool):\n{CLASS}class A(Base):\n    name: str = 'a'\n    def setup(self): pass\n"
    )[-1:]
    assert tool.name == "a"
    assert tool.attribute("description") is not None
    assert tool.method("forward") is not None
    assert [b.name for b in tool.bases] == ["Base"]


def test_parameters_leave_self_out_and_keep_order() -> None:
    (tool,) = tools("from smolagents import tool\n@tool\ndef f(a, b=1, *c, d, **e): pass\n")
    assert [p.arg for p in tool.parameters] == ["a", "b", "d", "c", "e"]
    (method,) = tools(f"from smolagents import Tool\nclass A(Tool):\n{CLASS.replace('self', 'self, x, y=2')}")
    assert [p.arg for p in method.parameters] == ["x", "y"]


def test_the_definition_is_what_a_model_is_told() -> None:
    (tool,) = tools(
        "from smolagents import tool\n@tool\ndef f(a: list[int], b: str | None = None) -> dict:\n"
        "    '''Do it.\n\n    Args:\n        a: Numbers.\n        b: A word,\n            or none.\n    '''\n"
    )
    spec = spec_of(tool)
    assert (spec.name, spec.description, spec.output_type) == ("f", "Do it.", "object")
    assert spec.inputs["b"] == {"type": "string", "nullable": True, "description": "A word, or none."}


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"", 0, "file is empty"),
        (b" \n\n", 0, "file is empty"),
        (b"x = 1\ny = '\xe9'\n", 2, "not UTF-8 (byte 0xe9)"),
        (b"x = 1\n\0\n", 2, "null byte"),
        (b"x = 1\ndef f(:\n", 2, "does not parse: invalid syntax"),
        (b"x = " + b"(" * 3000 + b")" * 3000, 1, "does not parse: too many nested parentheses"),
        (b"x = " + b"-" * 100_000 + b"1", 0, "too deeply nested to parse"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_file_and_line(data: bytes, line: int, says: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_module("tool.py", data)
    assert (caught.value.path, caught.value.line) == ("tool.py", line)
    assert says in caught.value.message
    assert caught.value.hint


def test_a_byte_order_mark_is_no_error() -> None:
    assert [
        t.name
        for t in parse_module(
            "t.py", b"\xef\xbb\xbffrom smolagents import tool\n@tool\ndef f(): pass\n"
        ).tools
    ] == ["f"]


def test_lines_are_counted_as_python_counts_them() -> None:
    module = parse_module("t.py", "a = 1\x0c\nb = '\u2028'\r\nc = 3\rd = 4".encode())
    assert len(module.lines) == 4
    assert [n.lineno for n in module.tree.body] == [1, 2, 3, 4]


def test_a_tool_that_is_not_there_is_named_with_those_that_are() -> None:
    module = parse_module("t.py", b"from smolagents import tool\n@tool\ndef f(): pass\n")
    with pytest.raises(SourceError) as caught:
        module.tool("g")
    assert caught.value.hint == "tools in this file: f"


def test_reading_imports_neither_the_file_nor_smolagents(tmp_path: Path) -> None:
    path = tmp_path / "loud.py"
    path.write_text("from smolagents import tool\nraise SystemExit(9)\n@tool\ndef f(): pass\n")
    script = (
        "import sys\nfrom toolreg.contract import read_module\n"
        "print(read_module(sys.argv[1]).tools[0].name, 'smolagents' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "f False\n", done.stderr


def test_files_are_found_once_each_in_order(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "sub/c.py", "sub/.hidden/d.py", ".venv/e.py", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "twin.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    found = [str(Path(p).relative_to(tmp_path)) for p in find_files([str(tmp_path), str(tmp_path / "a.py")])]
    assert found == ["a.py", "b.py", "sub/c.py"]


def test_a_missing_path_is_named() -> None:
    with pytest.raises(SourceError, match="nowhere"):
        find_files(["nowhere"])


def test_a_file_that_is_read_is_a_module(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_text("from smolagents import tool\n@tool\ndef f(): pass\n")
    assert read_module(str(tmp_path / "t.py")).tool("f").line == 3
