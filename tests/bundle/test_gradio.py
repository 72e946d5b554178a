from __future__ import annotations

import ast

import pytest

from toolreg.bundle.gradio import as_gradio
from toolreg.contract import ToolSpec
from toolreg.errors import BundleError

FILES = {
    "tool.py": b"class Echo: ...\n",
    "README.md": b"---\ntitle: echo\nsdk: static\npinned: false\n---\n\nsdk: static\n",
    "index.html": b"<p>",
}


def spec(kind: str, output: str = "string") -> ToolSpec:
    return ToolSpec("echo", "Echo.", {"text": {"type": kind, "description": "Any."}}, output)


def test_a_gradio_space_has_an_app_and_says_so_in_its_card() -> None:
    files = as_gradio(FILES, spec("string"), "Echo")
    assert set(files) == {"tool.py", "README.md", "app.py"}
    assert files["tool.py"] == FILES["tool.py"]
    assert files["README.md"].startswith(b"---\ntitle: echo\nsdk: gradio\napp_file: app.py\npinned")
    assert files["README.md"].endswith(b"\n\nsdk: static\n")
    assert [node.module for node in ast.parse(files["app.py"]).body if isinstance(node, ast.ImportFrom)] == [
        "smolagents",
        "tool",
    ]


@pytest.mark.parametrize(("kind", "output"), [("object", "string"), ("string", "array"), ("any", "null")])
def test_a_tool_that_the_demo_cannot_show_is_refused(kind: str, output: str) -> None:
    with pytest.raises(BundleError, match="no gradio form") as error:
        as_gradio(FILES, spec(kind, output), "Echo")
    assert error.value.reasons
