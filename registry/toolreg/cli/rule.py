"""`toolreg rule CODE` and `toolreg rule --all`: why a rule exists, a bad and a good example."""

from __future__ import annotations

import sys

from toolreg.cli.lint import complain
from toolreg.errors import ToolregError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolreg.lint.api import Rule

HELP = """Usage: toolreg rule [CODE]... [--all] [--format text|json]

Why a rule exists, with a bad and a good example. CODE is a code or its beginning, such as TRG501 or TRG5.
"""


def main(argv: Sequence[str]) -> int:
    """Run `toolreg rule ARGV`; returns the exit code."""
    try:
        if "-h" in argv or "--help" in argv:
            sys.stdout.write(HELP)
            return 0
        codes, every, form = _parse(argv)
        sys.stdout.write(show(codes, every=every, form=form))
        return 0
    except ToolregError as error:
        if "--debug" in argv:
            raise
        complain(error)
        return error.exit_code


def show(codes: Sequence[str], *, every: bool, form: str) -> str:
    """The text of some rules or all. Raises UsageError where a code names no rule."""
    from toolreg.config import find_pyproject, lint_config
    from toolreg.lint.packs import load_rules

    rules = load_rules(lint_config(find_pyproject()).packs)
    if not every and not codes:
        raise UsageError("no rule was named", hint="name one, e.g. `toolreg rule TRG501`, or pass --all")
    chosen = rules if every else tuple(r for c in codes for r in _named(c, rules))
    if form == "json":
        import json

        return json.dumps([r.to_json() for r in chosen], indent=2) + "\n"
    if every:
        return "".join(f"{r.code:<8} {r.severity!s:<8} {r.name:<32} {r.summary}\n" for r in chosen)
    from toolreg.lint.pages import page

    return "\n".join(page(r) for r in chosen)


def _named(code: str, rules: Sequence[Rule]) -> list[Rule]:
    found = [r for r in rules if r.code.startswith(code.upper()) or r.name == code]
    if not found:
        raise UsageError(f"no rule '{code}'", hint="`toolreg rule --all` lists them")
    return found


def _parse(argv: Sequence[str]) -> tuple[list[str], bool, str]:
    codes, every, form, rest = [], False, "text", list(argv)
    while rest:
        word = rest.pop(0)
        flag, _, value = word.partition("=")
        if flag == "--all":
            every = True
        elif flag == "--format":
            form = value or (rest.pop(0) if rest else "")
            if form not in ("text", "json"):
                raise UsageError(f"--format: no such choice '{form}'", hint="one of: text, json")
        elif flag == "--debug":
            continue
        elif word.startswith("-"):
            raise UsageError(f"no such option: {word}", hint="see `toolreg rule --help`")
        else:
            codes.append(word)
    return codes, every, form
