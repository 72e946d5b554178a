from __future__ import annotations

from pathlib import Path

from toolreg.lint import load_rules
from toolreg.lint.docs import pages

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_pages_of_the_rules_are_those_that_the_rules_make() -> None:
    """After a change to a rule: python -m toolreg.lint.docs docs/rules"""
    written = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "rules").iterdir()}
    assert written == pages()


def test_every_rule_stands_in_a_file_of_its_own_named_after_it() -> None:
    for rule in load_rules():
        assert rule.judge.__module__ == f"toolreg_rules.{rule.code.lower()}_{rule.name.replace('-', '_')}"


def test_the_guide_for_rule_packs_shows_a_rule_that_works() -> None:
    text = (DOCS / "writing-rules.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    namespace: dict[str, object] = {}
    exec(compile(code, "writing-rules.md", "exec"), namespace)
    from toolreg.lint.api import Rule
    from toolreg.testing import codes_in

    made = namespace["no_printer"]
    assert isinstance(made, Rule)
    assert codes_in(made.bad[0], [made]) == ["ACME101"]
    assert codes_in(made.good[0], [*load_rules(), made]) == []
