"""Installed packages that the catalogue does not know are read, not guessed."""

from pathlib import Path

import pytest

from toolreg.contract import ToolSource, read_module
from toolreg.infer import infer
from toolreg.infer.deep import infer_deep


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages: `acme`, which fetches, and `fast`, which is compiled."""
    folder = tmp_path / "site-packages"
    (folder / "acme").mkdir(parents=True)
    (folder / "acme" / "__init__.py").write_text("from .client import Client\n")
    (folder / "acme" / "client.py").write_text(
        "import requests\n"
        "class Client:\n"
        "    def __init__(self, root='https://hq.acme.example'):\n"
        "        self.root = root\n"
        "        self.session = requests.Session()\n"
        "    def find(self, q):\n"
        "        return self._call('GET', '/find?q=' + q)\n"
        "    def put(self, path):\n"
        "        return self._call('POST', '/put', open(path).read())\n"
        "    def _call(self, method, path, data=None):\n"
        "        return self.session.request(method, self.root + path, data=data).text\n"
    )
    (folder / "fast.cpython-311-x86_64-linux-gnu.so").write_bytes(b"\x7fELF")
    return folder


def tool_of(tmp_path: Path, source: str) -> ToolSource:
    path = tmp_path / "t.py"
    path.write_text(source)
    return read_module(str(path)).tools[0]


FIND = "import acme\n@tool\ndef t(q: str) -> str:\n    return acme.Client().find(q)\n"


def test_a_package_is_read_from_the_called_function_on(tmp_path: Path, site: Path) -> None:
    tool = tool_of(tmp_path, FIND)
    assert [u.reason for u in infer(tool).unresolved] == ["effects of package `acme` are unknown"]
    found = infer_deep(tool, search=[str(site)])
    assert [str(e) for e in found.effects] == ["net:hq.acme.example"]
    assert found.unresolved == ()
    assert found.evidence[0].via == ("t", "acme.Client().find", "self._call", "requests.Session.request")


def test_only_what_is_called_counts(tmp_path: Path, site: Path) -> None:
    tool = tool_of(
        tmp_path,
        "import acme\n@tool\ndef t(p: str) -> str:\n    return acme.Client('https://x.example').put(p)\n",
    )
    assert [str(e) for e in infer_deep(tool, search=[str(site)]).effects] == [
        "net:x.example (writes)",
        "read:{p}",
    ]


def test_a_compiled_extension_ends_as_native(tmp_path: Path, site: Path) -> None:
    tool = tool_of(tmp_path, "import fast\n@tool\ndef t(p: str) -> str:\n    return fast.run(p)\n")
    assert [str(e) for e in infer_deep(tool, search=[str(site)]).effects] == ["native:fast"]


def test_a_package_that_is_not_installed_stays_unresolved(tmp_path: Path, site: Path) -> None:
    tool = tool_of(tmp_path, "import nowhere\n@tool\ndef t(p: str) -> str:\n    return nowhere.run(p)\n")
    assert [u.reason for u in infer_deep(tool, search=[str(site)]).unresolved] == [
        "effects of package `nowhere` are unknown"
    ]


def test_the_answer_is_kept_until_a_file_of_it_changes(tmp_path: Path, site: Path) -> None:
    tool, cache = tool_of(tmp_path, FIND), tmp_path / "cache"
    first = infer_deep(tool, search=[str(site)], cache=str(cache))
    (kept,) = cache.iterdir()
    again = infer_deep(read_module(tool.path).tools[0], search=[str(site)], cache=str(cache))
    assert again == first
    client = site / "acme" / "client.py"
    client.write_text(client.read_text().replace("hq.acme.example", "new.acme.example"))
    changed = infer_deep(read_module(tool.path).tools[0], search=[str(site)], cache=str(cache))
    assert [str(e) for e in changed.effects] == ["net:new.acme.example"]
    kept.write_text("[not ours")
    assert infer_deep(read_module(tool.path).tools[0], search=[str(site)], cache=str(cache)) == changed
