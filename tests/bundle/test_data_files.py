"""A file beside the author's module is not there where the tool is loaded: refused with the line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.bundle import bundle
from toolreg.contract import read_module
from toolreg.errors import BundleError

TOOL = """{imports}
from smolagents import tool


@tool
def shown(text: str) -> str:
    \"\"\"Show.

    Args:
        text: Text.
    \"\"\"
    return {call}
"""


@pytest.mark.parametrize(
    ("imports", "call", "line"),
    [
        ("from importlib import resources", 'resources.files("acme").joinpath("d.txt").read_text()', 12),
        ("from importlib.resources import files", 'files("acme.sub").joinpath("d.txt").read_text()', 12),
        ("import importlib.resources", 'importlib.resources.read_text("acme", "d.txt")', 12),
        ("import pkgutil", 'pkgutil.get_data(__name__, "d.txt").decode()', 12),
        ("from pkgutil import get_data", 'get_data("acme", "d.txt").decode()', 12),
        ("from pathlib import Path", 'Path(__file__).with_name("d.txt").read_text()', 12),
        ("import os\nHERE = os.path.dirname(__file__)", 'open(os.path.join(HERE, "d.txt")).read()', 2),
        (
            "from . import sub\nfrom importlib import resources",
            'resources.files(sub).joinpath("d").read_text()',
            13,
        ),
    ],
)
def test_a_file_of_the_package_is_refused_with_its_line(
    imports: str, call: str, line: int, tmp_path: Path
) -> None:
    folder = tmp_path / "acme"
    (folder / "sub").mkdir(parents=True)
    for name in ("__init__.py", "sub/__init__.py", "d.txt"):
        (folder / name).write_text("")
    (folder / "shown.py").write_text(TOOL.format(imports=imports, call=call))
    with pytest.raises(BundleError) as caught:
        bundle(read_module(str(folder / "shown.py")).tools[0])
    assert any(number == line for number, _ in caught.value.reasons), caught.value.reasons
    assert any("argument" in text for _, text in caught.value.reasons)


def test_a_file_of_an_installed_package_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shown.py"
    text = TOOL.format(imports="from importlib import resources", call='str(resources.files("certifi"))')
    path.write_text(text)
    assert b"resources.files" in bundle(read_module(str(path)).tools[0]).code
