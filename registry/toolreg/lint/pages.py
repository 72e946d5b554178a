"""The page of a rule: why, bad, good, how to fix; for `toolreg rule` and docs/rules/."""

from __future__ import annotations

from toolreg.lint.api import Rule

_FIXES = {
    "safe": "`toolreg lint --fix` mends it.",
    "unsafe": "`toolreg lint --fix --unsafe-fixes` mends it; look at `--diff` first.",
}


def page(rule: Rule) -> str:
    """Markdown of one rule."""
    parts = [
        f"# {rule.code} {rule.name}",
        f"Severity: {rule.severity}. Since {rule.since}. Pack: {rule.pack or 'none'}.",
        rule.why,
    ]
    parts += ["## Bad", *map(_block, rule.bad), "## Good", *map(_block, rule.good)]
    if rule.fix:
        parts += ["## Fix", _FIXES[rule.fix]]
    parts += [
        "## Silence it",
        f'`# toolreg: ignore[{rule.code}] reason` on the line, or `ignore = ["{rule.code}"]` in `[tool.toolreg.lint]`.',
    ]
    if rule.references:
        parts += ["## References", "\n".join(f"- {r}" for r in rule.references)]
    return "\n\n".join(parts) + "\n"


def index(rules: tuple[Rule, ...]) -> str:
    """Markdown that lists all rules by family."""
    lines = ["# Rules", "", "Generated from the rule pack; `toolreg rule CODE` prints the same pages.", ""]
    for family, title in FAMILIES.items():
        members = [r for r in rules if r.code.startswith(family)]
        lines += [
            f"## {family}xx {title}",
            "",
            "| code | name | severity | fix | what |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| [{r.code}]({r.code}.md) | {r.name} | {r.severity} | {r.fix or '-'} | {r.summary} |"
            for r in members
        ] + [""]
    return "\n".join(lines).rstrip() + "\n"


FAMILIES = {
    "TRG0": "suppressions",
    "TRG1": "signature and contract",
    "TRG2": "docstring",
    "TRG3": "side effects",
    "TRG4": "publishing",
    "TRG5": "robustness and danger",
    "TRG6": "text aimed at the model",
}


def _block(text: str) -> str:
    return f"```python\n{text.rstrip()}\n```"
