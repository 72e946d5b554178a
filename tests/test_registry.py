"""The public Python API does what the commands do."""

import shutil
from pathlib import Path
from typing import Any

import pytest

import toolreg
from toolreg.errors import NotFound, UsageError
from toolreg.provenance import licence_of, source_of

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, with a lock's folder to work in."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    for name in ("word_count.py", "save_note.py"):
        shutil.copy(ROOT / "tools" / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", sorted(set(toolreg.__all__) - {"__version__"}))
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(toolreg, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="frobnicate"):
        _ = toolreg.frobnicate  # type: ignore[attr-defined]


def test_lint_can_be_called_whatever_was_imported_before() -> None:
    from toolreg import lint

    path = str(ROOT / "tools/word_count.py")
    as_module: Any = toolreg.lint
    assert lint([path]).tools == as_module([path]).tools == 1


def test_a_registry_is_the_tools_of_some_files(home: Path) -> None:
    registry = toolreg.Registry.from_paths(home)
    assert [tool.name for tool in registry] == ["save_note", "word_count"]
    assert len(registry) == 2
    assert registry["word_count"].path.endswith("word_count.py")
    with pytest.raises(NotFound, match="no tool 'other'") as caught:
        _ = registry["other"]
    assert "save_note, word_count" in caught.value.hint
    assert registry.lint().exit_code == 0


def test_effects_and_build_of_one_tool(home: Path) -> None:
    (inference,) = toolreg.effects_of("save_note.py").values()
    assert [str(e) for e in inference.effects] == ["write:{path}"]
    assert toolreg.build("save_note.py").entry == "SaveNote"
    both = home / "both.py"
    both.write_text((home / "save_note.py").read_text() + (home / "word_count.py").read_text())
    with pytest.raises(UsageError, match="holds 2 tools"):
        toolreg.build("both.py")


def test_publish_search_and_load_from_python(home: Path) -> None:
    shipped = toolreg.publish(["word_count.py", "save_note.py"])
    assert {s.repository: s.status for s in shipped} == {
        "local/word-count": "published",
        "local/save-note": "published",
    }
    assert [row.repo_id for row in toolreg.search("note")] == ["local/save-note"]
    count = toolreg.load_tool("local/word-count")
    assert count("a b a", top=1)["top"] == [["a", 2]]
    note = toolreg.load_tool("local/save-note@v1.0.0", workspace=str(home))
    assert note(path="n.md", text="hi") == "n.md: 3 characters written"
    assert (home / "n.md").read_text() == "hi\n"
    assert [tool.name for tool in toolreg.Registry.from_hub("local")] == ["save_note", "word_count"]


def test_provenance_names_the_commit_and_says_whether_it_holds_these_bytes(tmp_path: Path) -> None:
    from dulwich import porcelain

    path = tmp_path / "t" / "tool.py"
    path.parent.mkdir()
    path.write_bytes(b"x = 1\n")
    assert source_of(str(path), b"x = 1\n").path == "tool.py"
    porcelain.init(tmp_path)
    assert source_of(str(path), b"x = 1\n").commit == ""
    porcelain.add(tmp_path, [str(path)])
    commit = porcelain.commit(
        tmp_path, message=b"m", author=b"A <a@example.com>", committer=b"A <a@example.com>"
    )
    clean, changed = source_of(str(path), b"x = 1\n"), source_of(str(path), b"x = 2\n")
    assert (clean.path, clean.commit, clean.dirty) == ("t/tool.py", commit.decode(), False)
    assert changed.dirty


@pytest.mark.parametrize(
    ("line", "project", "licence"),
    [
        ("# SPDX-License-Identifier: MIT\n", 'license = "Apache-2.0"', "MIT"),
        ("", 'license = "Apache-2.0"', "Apache-2.0"),
        ("", 'license = { text = "BSD" }', "BSD"),
        ("", "", ""),
        ("", "not toml [", ""),
    ],
)
def test_the_licence_is_the_file_s_own_or_its_project_s(
    tmp_path: Path, line: str, project: str, licence: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\n{project}\n')
    assert licence_of(str(tmp_path / "tool.py"), line) == licence
