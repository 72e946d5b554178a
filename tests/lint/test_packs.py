from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from toolreg.cli.lint import main
from toolreg.errors import ConfigError, RulePackError
from toolreg.lint import LintConfig, lint, load_rules
from toolreg.lint.example import function_tool
from toolreg.lint.packs import installed_packs
from toolreg.testing import check_example, examples

RULE = '''from collections.abc import Iterator
from toolreg.contract import ToolSource
from toolreg.lint import Severity, rule
from toolreg.lint.walk import calls
from toolreg.testing import function_tool

@rule("ACME101", "no-length", Severity.ERROR, bad=[function_tool("return str(len(text))")], good=[function_tool("return text")])
def no_length(tool: ToolSource) -> Iterator[tuple]:
    """Counts what nobody asked for."""
    for call in calls(tool, "len"):
        yield call.node, "do not count"
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Install a pack as pip would: a package, and its entry point beside it."""

    def make(name: str, **modules: str) -> str:
        site = tmp_path / f"site_{name}"
        package = site / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(modules.pop("init", ""))
        for module, text in modules.items():
            (package / f"{module}.py").write_text(text)
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            f"[console_scripts]\nx = y:z\n\n[toolreg.rules]\n{name} = {name}\n"
        )
        monkeypatch.syspath_prepend(str(site))
        return str(site)

    yield make
    for module in [m for m in sys.modules if m.startswith("pack_")]:
        del sys.modules[module]


@pytest.fixture
def tool(tmp_path: Path) -> str:
    path = tmp_path / "tool.py"
    path.write_text(function_tool("return str(len(text))"))
    return str(path)


def test_the_built_in_pack_is_found_by_its_entry_point() -> None:
    from importlib.metadata import entry_points

    assert installed_packs()["builtin"] == "toolreg_rules"
    assert installed_packs().items() >= {(e.name, e.value) for e in entry_points(group="toolreg.rules")}


def test_a_third_party_pack_is_loaded_when_it_is_named(install, tool: str) -> None:  # type: ignore[no-untyped-def]
    install("pack_acme", jumps=RULE)
    assert "ACME101" not in {f.code for f in lint([tool]).open}
    found = [f for f in lint([tool], LintConfig(packs=("pack_acme",))).open if f.code == "ACME101"]
    assert [(f.message, f.url) for f in found] == [("do not count", "")]


def test_a_pack_author_gets_tests_from_the_examples(install) -> None:  # type: ignore[no-untyped-def]
    install(
        "pack_own",
        jumps=RULE,
    )
    made = examples("pack_own", packs=["pack_own"])
    assert [str(e) for e in made] == ["ACME101-bad-1", "ACME101-good-1"]
    check_example(made[1])
    check_example(made[0])


@pytest.mark.parametrize(
    ("modules", "says"),
    [
        (
            {"broken": "import no_such_module_at_all"},
            "cannot load rule pack 'pack_bad': No module named 'no_such_module_at_all'",
        ),
        ({"broken": "raise SystemError('boom')"}, "cannot load rule pack 'pack_bad': SystemError: boom"),
        ({"broken": "raise SystemExit(0)"}, "cannot load rule pack 'pack_bad': SystemExit: 0"),
        ({}, "rule pack 'pack_bad' holds no rules"),
        (
            {"twice": RULE.replace("ACME101", "TRG501")},
            "rule code TRG501 is taken twice, by 'builtin' and 'pack_bad'",
        ),
        ({"a": RULE, "b": RULE}, "rule code ACME101 stands twice in pack 'pack_bad'"),
        (
            {"mute": RULE.replace('"""Counts what nobody asked for."""', "pass")},
            "rule ACME101 (no-length): it has no docstring that says why",
        ),
        (
            {"bare": RULE.replace('bad=[function_tool("return str(len(text))")]', "bad=[]")},
            "it has no bad and good example",
        ),
    ],
)
def test_a_pack_that_cannot_be_trusted_is_an_error(install, modules: dict[str, str], says: str) -> None:  # type: ignore[no-untyped-def]
    install("pack_bad", **modules)
    with pytest.raises(RulePackError) as caught:
        load_rules(["pack_bad"])
    assert says in caught.value.message
    assert caught.value.exit_code == 3


def test_a_pack_that_is_not_installed_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match="no rule pack 'acme' is installed"):
        load_rules(["acme"])


@pytest.mark.parametrize(
    "crash",
    [
        "raise KeyError('x')",
        "yield 1",
        "yield tool.node, 3, 4, 5",
        "tool.no_such_thing",
        "raise SystemExit(0)",
    ],
)
def test_a_crashing_rule_is_not_a_clean_bill(install, tool: str, crash: str) -> None:  # type: ignore[no-untyped-def]
    install("pack_crash", jumps=RULE.replace("    for call in calls", f"    {crash}\n    for call in calls"))
    result = lint([tool], LintConfig(packs=("pack_crash",)))
    assert result.exit_code == 3
    assert "rule ACME101 (no-length) of pack 'pack_crash' crashed" in result.errors[0].message
    assert result.errors[0].hint


def test_a_changed_pack_is_not_answered_from_the_cache(install, tool: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import os

    site = install("pack_move", jumps=RULE)
    os.utime(tool, (1, 1))
    config = LintConfig(packs=("pack_move",), cache=str(tmp_path / "cache"))
    lint([tool], config)
    assert lint([tool], config).judged == 0
    (Path(site) / "pack_move" / "jumps.py").write_text(RULE + "\n# changed\n")
    assert lint([tool], config).judged == 1


def test_a_rule_that_finds_without_end_is_stopped(install, tool: str) -> None:  # type: ignore[no-untyped-def]
    endless = "    while True:\n        yield tool.node, 'again'\n"
    install("pack_endless", jumps=RULE.replace("    for call in calls", endless + "    for call in calls"))
    result = lint([tool], LintConfig(packs=("pack_endless",)))
    assert "crashed: RuntimeError: more than 100,000 findings in one file" in result.errors[0].message


def test_what_a_rule_prints_is_not_mixed_with_the_report(install, tool: str, capsys) -> None:  # type: ignore[no-untyped-def]
    install(
        "pack_loud", jumps=RULE.replace("    for call in calls", "    print('hello')\n    for call in calls")
    )
    Path(tool).with_name("pyproject.toml").write_text('[tool.toolreg.lint]\npacks = ["pack_loud"]\n')
    main([tool, "--config", str(Path(tool).with_name("pyproject.toml")), "--no-cache", "--format", "json"])
    printed = capsys.readouterr()
    assert json.loads(printed.out)["tools"] == 1
    assert "hello" in printed.err
