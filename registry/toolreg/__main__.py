"""The command `toolreg`. `lint`, `rule` and `lsp` start at once; every other command goes through typer."""

from __future__ import annotations

import os
import sys

from toolreg.errors import INTERRUPTED, NOT_JUDGED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> int:
    """Entry point of the console script; returns the exit code.

    Output that cannot be written is told once. Where the reader has gone nothing is told; what was not decided is not judged.
    """
    _open_closed_streams()
    code: int | None = None
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        _drop_output()
    except SystemExit:  # how rich and typer end where nobody reads any more
        _drop_output()
    except OSError as error:
        _drop_output()
        if code != NOT_JUDGED:  # else it was told already, where it happened
            sys.stderr.write(
                f"error: standard output: {error.strerror}\nhint: make room, or write elsewhere\n"
            )
        code = NOT_JUDGED
    return NOT_JUDGED if code is None else code


def _run(argv: Sequence[str]) -> int:
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


def _open_closed_streams() -> None:
    """A standard stream that the caller closed is None in Python: it then reads nothing, and writes nowhere."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open for as long as it runs
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that the interpreter's end is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
