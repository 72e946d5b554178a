"""The project's [tool.toolreg] counts for every command that judges."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

CONFIG = '[tool.toolreg.lint]\ncatalogues = ["effects/acme.toml"]\n'
CATALOGUE = 'distribution = "acme-weather"\nimports = ["acme_weather"]\nunlisted = "unknown"\n\n[api]\n"acme_weather.now" = "net:api.acme.example"\n'
SOURCE = '''
from acme_weather import now
from smolagents import tool


@tool
def weather(city: str) -> str:
    """Tell the weather of a city right now.

    Side effects:
        net: api.acme.example

    Args:
        city: The city's name in English, e.g. "Paris".

    Returns:
        One line about it.
    """
    return now(city)
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "effects").mkdir()
    (tmp_path / "effects/acme.toml").write_text(CATALOGUE)
    (tmp_path / "weather.py").write_text(SOURCE)
    return tmp_path


def codes(report: str) -> set[str]:
    found = json.loads(report)
    return {f["code"] for f in (found if isinstance(found, list) else found["findings"])}


def test_a_catalogue_of_one_s_own_answers_what_was_unknown(toolreg: Callable, project: Path) -> None:
    assert "TRG306" in codes(toolreg("lint", "weather.py", "--format", "json").out)
    (project / "pyproject.toml").write_text(CONFIG)
    assert "TRG306" not in codes(toolreg("lint", "weather.py", "--format", "json").out)
    (answer,) = json.loads(toolreg("effects", "weather.py", "--format", "json").out)
    assert [e["effect"] for e in answer["inferred"]] == ["net:api.acme.example"]
    assert answer["unresolved"] == []


def test_a_changed_catalogue_is_read_anew(toolreg: Callable, project: Path) -> None:
    (project / "pyproject.toml").write_text(CONFIG)
    assert "TRG303" not in codes(toolreg("lint", "weather.py", "--format", "json").out)
    (project / "effects/acme.toml").write_text(CATALOGUE.replace("api.acme.example", "api.elsewhere.example"))
    assert "TRG303" in codes(toolreg("lint", "weather.py", "--format", "json").out)


@pytest.mark.parametrize("command", ["lint", "check", "effects"])
def test_a_broken_catalogue_is_named(toolreg: Callable, project: Path, command: str) -> None:
    (project / "pyproject.toml").write_text(CONFIG)
    (project / "effects/acme.toml").write_text("imports = 3\n")
    done = toolreg(command, "weather.py")
    assert (done.code, "acme.toml" in done.err, "hint: " in done.err) == (2, True, True)


@pytest.mark.parametrize("command", ["lint", "check", "effects", "publish"])
def test_an_unknown_key_is_an_error(toolreg: Callable, project: Path, command: str) -> None:
    (project / "pyproject.toml").write_text("[tool.toolreg.lint]\ncatalogs = []\n")
    done = toolreg(command, "weather.py")
    assert (done.code, "did you mean 'catalogues'?" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\nx = 2 # tool.toolreg", 2, "no valid TOML"),
        ("tool = 3  # tool.toolreg\n", 1, "[tool.toolreg] is no table"),
        ("[tool]\ntoolreg = 3 # tool.toolreg\n", 2, "[tool.toolreg] is no table"),
        ("\n\n[tool.toolreg.agent]\ntier = 'B'\n", 3, "has no key 'agent'"),
        ("[tool.toolreg.sandbox]\ntier = 'B'\n", 2, "has no key 'tier'"),
        ("[tool.toolreg.sandbox]\nbackend = 'none'\n", 2, "no such choice 'none'"),
        ("[tool.toolreg.lint]\nselect = []\nselct = []\n", 3, "has no key 'selct'"),
        ("[tool.toolreg]\nlint = { select = 3 }\n", 2, "select must be a list of strings"),
        ("[tool.toolreg.lint.severity]\nTRG5 = 'error'\nTRG101 = 'x'\n", 3, "no such choice 'x'"),
        ("[tool.toolreg.trust]\nallow = []\nmax-age = 'x'\n", 3, "max-age is no number of days"),
        ("[tool.toolreg.trust.namespaces.acme]\nsigners = ['x']\n", 2, "'x' is no signer"),
        ("[tool.toolreg.policy]\napprovals = -1\n", 2, "approvals must be 0 or more"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_line(
    toolreg: Callable, tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    done = toolreg("config", "check")
    assert done.code == 2
    first, hint = done.err.splitlines()
    assert first.startswith(f"error: {path}:{line}: ")
    assert words in first
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("settings", ['select = ["NOPE"]', 'ignore = ["ALL"]', 'packs = ["nope"]'])
def test_a_project_that_turns_every_rule_off_is_not_judged(
    toolreg: Callable, tools: Path, tmp_path: Path, settings: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.toolreg.lint]\n{settings}\n")
    for command in (["lint"], ["check"], ["config", "check"]):
        paths = [] if command[0] == "config" else [str(tools / "word_count.py")]
        assert toolreg(*command, *paths).code == 2


def test_a_tool_for_which_no_rule_of_ours_ran_is_not_approved(
    toolreg: Callable, tools: Path, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.toolreg.lint]\nignore = ["TRG"]\n')
    done = toolreg("check", str(tools / "word_count.py"), "--format", "json")
    (tool,) = json.loads(done.out)["tools"]
    assert (done.code, tool["verdict"], tool["rules"]) == (3, "INCOMPLETE", 0)
