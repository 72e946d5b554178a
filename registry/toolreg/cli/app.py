"""The command `toolreg`: its subcommands, and the one place where errors become lines and exit codes."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer
from rich.markup import escape
from typer.main import get_command

from toolreg import __version__
from toolreg.cli.failures import told
from toolreg.cli.output import print_error
from toolreg.errors import GOOD, INTERRUPTED, NOT_JUDGED, USAGE, ToolregError, UsageError

EPILOG = (
    "Exit codes: 0 good, 1 refused, 2 usage, 3 not judged, 130 interrupted. "
    "`toolreg --version` says which this is; `--debug` with any command shows a fault's traceback."
)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    arguments = [a for a in arguments if a != "--debug"]
    if arguments == ["--version"]:
        sys.stdout.write(f"toolreg {__version__}\n")
        return GOOD
    try:
        command = as_written(get_command(build_app(arguments[0] if arguments else "")))
        return int(command.main(args=arguments, prog_name="toolreg", standalone_mode=False) or GOOD)
    except ToolregError as error:
        if debug:
            traceback.print_exc()
        print_error(error)
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except typer.TyperException as error:  # a wrong option or argument; empty where help was shown instead
        if str(error):
            print_error(UsageError(_wrong(error), hint=_help_for(error, arguments)))
        return USAGE
    except (
        SystemExit
    ) as ended:  # shell completion ends so when all is said; rich, where nobody reads any more
        if ended.code:
            raise
        return GOOD
    except BrokenPipeError:
        raise  # nobody reads any more: the entry point ends in silence
    except Exception as error:  # the last place: no judgement was reached, and the user sees no traceback
        if debug:
            raise
        print_error(told(error))
        return NOT_JUDGED


def as_written(command: Any) -> Any:
    """The same tree of commands, its help read as it stands: brackets in it are no markup."""
    command.help = escape(command.help or "")
    for parameter in command.params:
        parameter.help = escape(getattr(parameter, "help", None) or "")
    for below in getattr(command, "commands", {}).values():
        as_written(below)
    return command


def _wrong(error: typer.TyperException) -> str:
    """What is wrong with a command line, and with which option of it."""
    said = str(error).removeprefix("Value error, ")
    parameter = getattr(error, "param", None)
    return said if parameter is None or said.startswith("Missing") else f"{parameter.opts[0]}: {said}"


def _help_for(error: typer.TyperException, arguments: Sequence[str]) -> str:
    """The help of the very command that was meant."""
    from toolreg.cli.commands import COMMANDS

    close = getattr(error, "possibilities", None)
    words = [" ".join(arguments[:2]), " ".join(arguments[:1])]
    known = {command.name for command in COMMANDS} | {command.name.split()[0] for command in COMMANDS}
    named = next((f"toolreg {each} --help" for each in words if each in known), "toolreg --help")
    return f"did you mean {' or '.join(sorted(close))}? {named}" if close else named


def build_app(wanted: str = "") -> typer.Typer:
    """The command tree, from the table of commands; only the wanted one where it is named."""
    from toolreg.cli.commands import register

    app = typer.Typer(
        help="Read, judge, try, publish and load smolagents tools without trusting anybody's word.",
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    register(app, wanted)
    return app
