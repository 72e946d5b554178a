"""Files beside the author's module: what is read of them is published, or refused with the line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.bundle import Case, bundle, prove
from toolreg.bundle.proof import in_sandbox
from toolreg.contract import ToolSource, read_module
from toolreg.errors import BundleError
from toolreg.sandbox import Sandbox

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
WORDS = 'one\r\n"two"\n\\n Ärger\n'


def tool_in(folder: Path, imports: str, call: str) -> ToolSource:
    package = folder / "acme"
    (package / "sub").mkdir(parents=True)
    for name in ("__init__.py", "sub/__init__.py"):
        (package / name).write_text("")
    for name in ("d.txt", "sub/d.txt"):
        (package / name).write_bytes(name.encode() + WORDS.encode())
    (package / "large.txt").write_text("x" * 70_000)
    (package / "binary.bin").write_bytes(bytes([255, 254]))
    (package / "key.txt").write_text("hf_abcdefghijklmnop")
    (folder / "outside.txt").write_text("outside")
    (package / "shown.py").write_text(TOOL.format(imports=imports, call=call))
    return read_module(str(package / "shown.py")).tools[0]


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("from importlib import resources", 'resources.files("acme").joinpath("d.txt").read_text(encoding="utf-8")'),
        ("from importlib.resources import files", '(files(__package__) / "sub" / "d.txt").read_bytes().decode()'),
        ("import importlib.resources", 'importlib.resources.read_text("acme", "d.txt")'),
        ("import pkgutil", 'pkgutil.get_data(__name__, "d.txt").decode()'),
        ("from pkgutil import get_data", 'get_data("acme.sub", "d.txt").decode()'),
        ("from pathlib import Path", 'Path(__file__).with_name("d.txt").read_text() + Path(__file__).parent.joinpath("d.txt").open().read()'),
        ("import os\nHERE = os.path.dirname(os.path.abspath(__file__))\nNAME = 'd.txt'", 'str(open(os.path.join(HERE, NAME), encoding="utf-8").readlines())'),
        ("from pathlib import Path\nDATA = Path(__file__).resolve().parent / 'sub'\nWORDS = (DATA / 'd.txt').read_text('utf-8').splitlines()", "str(WORDS)"),
        ("from pathlib import Path", 'str(open(Path(__file__).parents[0] / "binary.bin", "rb").read())'),
    ],
)  # fmt: skip
def test_what_is_read_is_published_and_gives_the_same(
    imports: str, call: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    tool = tool_in(tmp_path, imports, call)
    made = bundle(tool)
    assert b"__file__" not in made.code
    proof = prove(tool, made, in_sandbox(sandbox), cases=[Case(arguments={"text": "a"})])
    assert (proof.cases, proof.second_pass) == (1, "")
    assert any("published as a constant" in note.text for note in made.notes)


@pytest.mark.parametrize(
    ("imports", "call", "line", "reason"),
    [
        ("from importlib import resources", 'resources.files("acme").joinpath(text).read_text()', 12, "as a constant"),
        ("import pkgutil", "pkgutil.get_data(__name__, text).decode()", 12, "as a constant"),
        ("from . import sub\nfrom importlib import resources", 'resources.files(sub).joinpath("d").read_text()', 13, "constant"),
        ("from pathlib import Path", "Path(__file__).with_name(text).read_text()", 12, "no place on disk"),
        ("from pathlib import Path", 'open(Path(__file__).with_name("d.txt"), "a").write("")', 12, "no place on disk"),
        ("from pathlib import Path", 'Path(__file__).with_name("absent.txt").read_text()', 12, "no place on disk"),
        ("from pathlib import Path", 'Path(__file__).with_name("large.txt").read_text()', 12, "is larger than 65,536"),
        ("from pathlib import Path", 'Path(__file__).with_name("binary.bin").read_text()', 12, "is not UTF-8"),
        ("from pathlib import Path", 'Path(__file__).with_name("key.txt").read_text()', 12, "looks like a secret"),
        ("from pathlib import Path", '(Path(__file__).parents[1] / "../passwd").read_text()', 12, "no place on disk"),
        ("import os\nHERE = os.path.dirname(__file__)", "os.listdir(HERE)[0]", 2, "no place on disk"),
    ],
)  # fmt: skip
def test_what_cannot_come_along_is_refused_with_its_line(
    imports: str, call: str, line: int, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(BundleError) as caught:
        bundle(tool_in(tmp_path, imports, call))
    assert any(number == line and reason in text for number, text in caught.value.reasons), (
        caught.value.reasons
    )


def test_a_file_of_an_installed_package_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shown.py"
    text = TOOL.format(imports="from importlib import resources", call='str(resources.files("certifi"))')
    path.write_text(text)
    assert b"resources.files" in bundle(read_module(str(path)).tools[0]).code
