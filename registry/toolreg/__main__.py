"""The command `toolreg`. `lint`, `rule` and `lsp` start at once; every other command goes through typer."""

from __future__ import annotations

import sys


def main() -> int:
    """Entry point of the console script; returns the exit code."""
    argv = sys.argv[1:]
    if argv and argv[0] == "lint":
        from toolreg.cli.lint import main as lint

        return lint(argv[1:])
    if argv and argv[0] == "rule":
        from toolreg.cli.rule import main as rule

        return rule(argv[1:])
    if argv and argv[0] == "lsp":
        from toolreg.cli.lsp import main as lsp

        return lsp(argv[1:])
    from toolreg.cli.app import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
