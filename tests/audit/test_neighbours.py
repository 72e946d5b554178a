from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolreg.audit import AuditOptions, Item, audit, judge
from toolreg.audit.items import from_folder
from toolreg.audit.journal import read_rows
from toolreg.audit.neighbours import neighbours

TOOL = '''from smolagents import tool
from {module} import fetch


@tool
def page(url: str) -> str:
    """Read a page.

    Side effects: none

    Args:
        url: Address, e.g. "https://example.com".

    Returns:
        The page.
    """
    return fetch(url)
'''
HELPER = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, timeout=9).text\n"


def found(path: Path) -> tuple[str, list[str]]:
    place, files = neighbours(str(path), path.read_bytes(), fixtures=False)
    return place, sorted(files)


def test_modules_beside_a_file_come_along_and_what_they_import_too(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("from helper import x\nimport json, other as o\n")
    (tmp_path / "helper.py").write_text("from deeper import (\n  y,\n)\n")
    for name in ("deeper", "other", "unrelated", "json_not"):
        (tmp_path / f"{name}.py").write_text("y = 1\n")
    assert found(tmp_path / "tool.py") == ("tool.py", ["deeper.py", "helper.py", "other.py"])


def test_packages_keep_their_shape(tmp_path: Path) -> None:
    package = tmp_path / "acme"
    (package / "web").mkdir(parents=True)
    for folder in (package, package / "web"):
        (folder / "__init__.py").write_text("")
    (package / "tools.py").write_text(
        "from .web import client\nfrom . import names\nfrom acme.web.more import z\n"
    )
    for name in ("web/client", "web/more", "names"):
        (package / f"{name}.py").write_text("")
    assert found(package / "tools.py") == (
        "acme/tools.py",
        [
            "acme/__init__.py",
            "acme/names.py",
            "acme/web/__init__.py",
            "acme/web/client.py",
            "acme/web/more.py",
        ],
    )


def test_a_project_with_src_is_known_by_its_pyproject(tmp_path: Path) -> None:
    (tmp_path / "src/acme").mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'secret'\n")
    (tmp_path / "src/acme/__init__.py").write_text("")
    (tmp_path / "src/acme/net.py").write_text(HELPER)
    (tmp_path / "tools/page.py").write_text(TOOL.format(module="acme.net"))
    place, files = neighbours(
        str(tmp_path / "tools/page.py"), (tmp_path / "tools/page.py").read_bytes(), fixtures=False
    )
    assert place == "tools/page.py"
    assert sorted(files) == ["pyproject.toml", "src/acme/__init__.py", "src/acme/net.py"]
    assert files["pyproject.toml"] == b"", "only that it is there matters"


@pytest.mark.parametrize("module", ["helper", "acme.helper"])
def test_an_effect_of_the_authors_own_module_is_found_whatever_the_working_folder(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    (root / "acme").mkdir(parents=True)
    (root / "page.py").write_text(TOOL.format(module=module))
    (root / f"{module.replace('.', '/')}.py").write_text(HELPER)
    (root / "acme/__init__.py").write_text("")
    monkeypatch.chdir("/")
    audit(str(root / "page.py"), tmp_path / "out", engine_name="here")
    (row,) = read_rows(tmp_path / "out/tools.jsonl")
    assert row["undeclared"] == ["net:{url}"]
    assert [(e["file"], e["line"]) for e in row["inferred"]] == [("helper.py", 5)]


def test_a_module_of_the_working_folder_is_never_mistaken_for_the_authors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "helper.py").write_text(HELPER)
    monkeypatch.chdir(tmp_path)
    judgement = judge(Item("page.py", TOOL.format(module="helper").encode()), AuditOptions())
    (row,) = judgement.tools
    assert [e["file"] for e in row["inferred"] if e["file"]] == []


def test_a_changed_module_is_another_judgement(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(TOOL.format(module="helper"))
    (tmp_path / "helper.py").write_text(HELPER)
    (before, _) = sorted(from_folder(str(tmp_path)), key=lambda i: i.label, reverse=True)
    (tmp_path / "helper.py").write_text(HELPER + "# changed\n")
    (after, _) = sorted(from_folder(str(tmp_path)), key=lambda i: i.label, reverse=True)
    assert isinstance(before, Item)
    assert isinstance(after, Item)
    assert (before.sha256, before.key("x")) != (after.sha256, after.key("x"))
    assert before.sha256 == after.sha256


def test_fixtures_of_a_tool_come_along_and_those_of_others_do_not(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(TOOL.format(module="json"))
    for name in (
        "page.files/a/b.txt",
        "fetch.files/c.txt",
        "other.files/d.txt",
        "page.responses.json",
        "other.responses.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    os.symlink("/etc/passwd", tmp_path / "page.files/link")
    _, files = neighbours(str(tmp_path / "page.py"), (tmp_path / "page.py").read_bytes(), fixtures=True)
    assert sorted(files) == ["fetch.files/c.txt", "page.files/a/b.txt", "page.responses.json"]
