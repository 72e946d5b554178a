"""`toolreg lsp`: the language server on standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from toolreg.cli.lint import complain, settings
from toolreg.errors import ToolregError, UsageError
from toolreg.lint.options import parse

HELP = """Usage: toolreg lsp [--config FILE] [--isolated] [--select CODES] [--ignore CODES]

Speak the Language Server Protocol on standard input and output: findings as diagnostics, fixes as code actions.
"""


def main(argv: Sequence[str]) -> int:
    """Run `toolreg lsp ARGV` until the editor ends it; returns the exit code."""
    try:
        if "-h" in argv or "--help" in argv:
            sys.stdout.write(HELP)
            return 0
        config = settings(parse([word for word in argv if word != "--stdio"]))
        try:
            from toolreg.lint.server import make
        except ImportError as error:
            hint = "pip install 'smolagents-toolreg[lsp]'"
            raise UsageError("the language server needs pygls, which is not installed", hint=hint) from error
    except ToolregError as error:
        complain(error)
        return error.exit_code
    from importlib.metadata import version

    # The server closes what it writes to; standard output itself stays open for whoever called.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        make(config, version("smolagents-toolreg")).start_io(stdout=out)
    return 0
