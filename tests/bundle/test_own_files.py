"""Code of the author's other files: inlined with names kept apart, or refused with the line."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from toolreg.bundle import Bundle, Case, bundle, prove
from toolreg.bundle.proof import in_sandbox
from toolreg.contract import ToolSource, read_module
from toolreg.errors import BundleError
from toolreg.sandbox import Sandbox

TOOL = '''
@tool
def shown(text: str) -> str:
    """Show.

    Args:
        text: Text.
    """
'''


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"pyproject.toml": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def tool_in(folder: Path, name: str) -> ToolSource:
    return read_module(str(folder / name)).tools[-1]


def proven(tool: ToolSource, sandbox: Sandbox, source: str = 'shown("a  b")') -> Bundle:
    made = bundle(tool)
    assert prove(tool, made, in_sandbox(sandbox), cases=[Case(source=source)]).cases == 1
    return made


def test_a_package_is_inlined_with_equal_names_kept_apart(tmp_path: Path, sandbox: Sandbox) -> None:
    folder = project(
        tmp_path,
        {
            "src/acme/__init__.py": '__version__ = "1.2"\n',
            "src/acme/tools/__init__.py": "",
            "src/acme/tools/text.py": f"""
from __future__ import annotations
from smolagents import tool
from acme import __version__
from acme.helpers import _clean as tidy, Options
from .. import shapes, state
from .base import Base

def _clean(text):
    return "mine:" + text

{TOOL}
    from ..late import LATE, late as late_function
    from .. import late
    return "|".join(map(str, [_clean(text), tidy(text), Options(2), shapes.area(2), state.bump(), state.bump(),
        __version__, LATE, late_function(), late.LATE, Base().show(), open]))
""",
            "src/acme/tools/base.py": """
                import json
                from acme.helpers import Options as O

                class Base:
                    options = O(5)

                    def show(self):
                        return json.dumps([self.options.n]) + _clean("b")

                def _clean(text):
                    return "base:" + text
                """,
            "src/acme/helpers.py": r"""
                from dataclasses import dataclass
                import re as _re

                LIMIT = 3

                @dataclass
                class Options:
                    n: int = LIMIT

                def _clean(text: str) -> str:
                    return _re.sub(r"\s+", "_", text) + other()

                def other() -> str:
                    from .shapes import NAME
                    return NAME
                """,
            "src/acme/shapes.py": """
                from acme import helpers

                NAME = "shape"

                def area(n):
                    return n * n + helpers.LIMIT
                """,
            "src/acme/state.py": """
                COUNT = 0

                def bump():
                    global COUNT
                    COUNT += 1
                    return COUNT
                """,
            "src/acme/late.py": 'LATE = "late"\n\ndef late():\n    return LATE + "!"\n',
        },
    )
    made = proven(tool_in(folder, "src/acme/tools/text.py"), sandbox)
    assert [r.name for r in made.requirements] == ["smolagents"]
    assert len(made.sources) == 7


def test_a_script_takes_code_from_the_file_beside_it(tmp_path: Path, sandbox: Sandbox) -> None:
    folder = project(
        tmp_path,
        {
            "show.py": f"from smolagents import tool\nimport sys\nsys.path.insert(0, '.')\nimport helpers\nfrom helpers import *\n{TOOL}    return helpers.up(text) + WORD\n",
            "helpers.py": "import string\nWORD = string.digits\ndef up(text):\n    return text.upper()\ndef _unused():\n    import not_known_anywhere\n",
        },
    )
    made = proven(tool_in(folder, "show.py"), sandbox)
    assert b"not_known_anywhere" not in made.code
    assert b"sys.path" not in made.code


def test_a_module_that_shadows_a_builtin_keeps_it_to_itself(tmp_path: Path, sandbox: Sandbox) -> None:
    folder = project(
        tmp_path,
        {
            "show.py": f"from smolagents import tool\nfrom helpers import read\n{TOOL}    return read(text) + str(len([1, 2]))\n",
            "helpers.py": 'def len(x):\n    return "odd"\ndef read(text):\n    return text + len(text)\n',
        },
    )
    proven(tool_in(folder, "show.py"), sandbox)


def test_a_base_class_of_another_file_comes_along(tmp_path: Path, sandbox: Sandbox) -> None:
    folder = project(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/base.py": """
                from smolagents import Tool

                class ABase:
                    mark = "!"

                    def finish(self, text):
                        return text + self.mark
                """,
            "pkg/show.py": '''
                from smolagents import Tool
                from .base import ABase

                class Shown(ABase, Tool):
                    """Show."""

                    name = "shown"
                    description = "Show."
                    inputs = {"text": {"type": "string", "description": "Text."}}
                    output_type = "string"

                    def forward(self, text: str) -> str:
                        return self.finish(text)
                ''',
        },
    )
    proven(tool_in(folder, "pkg/show.py"), sandbox)


@pytest.mark.parametrize(
    ("main", "helpers", "reason"),
    [
        ("from helpers import gone\n", "X = 1\n", "'gone' is not in"),
        ("import helpers\nK = [helpers]\n", "gone = 1\n", "used as a value"),
        ("from helpers import gone\n", "gone = __file__\n", "__file__"),
        (
            "from helpers import gone\n",
            "import surely_no_such_package\ngone = surely_no_such_package\n",
            "surely_no_such_package",
        ),
        ("from helpers import gone\n", "def gone(:\n", "does not parse"),
        ("from native import gone\n", "", "compiled code of your own"),
        ("from . import gone\n", "", "no file of it was found"),
    ],
)
def test_what_cannot_come_along_is_refused_with_its_line(
    tmp_path: Path, main: str, helpers: str, reason: str
) -> None:
    use = "K" if "K =" in main else "gone"
    folder = project(
        tmp_path,
        {
            "show.py": f"from smolagents import tool\n{main}{TOOL}    return str({use})\n",
            "helpers.py": helpers,
            "native.cpython-311.so": "",
        },
    )
    with pytest.raises(BundleError) as caught:
        bundle(tool_in(folder, "show.py"))
    assert any(reason in text and line for line, text in caught.value.reasons), caught.value.reasons


def test_circular_files_are_right_when_only_their_functions_meet(tmp_path: Path, sandbox: Sandbox) -> None:
    folder = project(
        tmp_path,
        {
            "show.py": f"from smolagents import tool\nfrom one import first\n{TOOL}    return first(3)\n",
            "one.py": "import two\n\ndef first(n):\n    return two.second(n - 1) if n else 'one'\n",
            "two.py": "import one\n\ndef second(n):\n    return one.first(n - 1) if n else 'two'\n",
        },
    )
    proven(tool_in(folder, "show.py"), sandbox)


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        {
            "show.py": '''
                from smolagents import tool

                @tool
                def shown(a, b: int):
                    """Show.

                    Args:
                        b: B.
                    """
                    return __file__ + str(surely)

                ''',
        },
    )
    with pytest.raises(BundleError) as caught:
        bundle(tool_in(folder, "show.py"))
    told = " ".join(text for _, text in caught.value.reasons)
    assert all(part in told for part in ("no type", "no description", "no return type", "__file__"))
