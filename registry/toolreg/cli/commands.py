"""The table of commands: name, where its function is, under which heading of the help it stands."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import typer


class Command(NamedTuple):
    """One command: `module:function` below toolreg.cli; a Typer application stands for a group of commands."""

    name: str
    place: str
    panel: str


AUTHOR, READER, MACHINE = "Write and publish tools", "Find and use tools", "This machine"
COMMANDS = (
    Command("lint", "commands:lint", AUTHOR),
    Command("rule", "commands:rule", AUTHOR),
    Command("effects", "effects:effects", AUTHOR),
    Command("run", "run:run", AUTHOR),
    Command("check", "check:check", AUTHOR),
    Command("publish", "publish:publish", AUTHOR),
)


# `lint` and `rule` have a parser of their own, which starts at once; here they only stand in the list.
_OWN_PARSER = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def lint(context: typer.Context) -> int:
    """Judge tools statically, without importing them: contract, docstring, effects, publishing, dangers."""
    from toolreg.cli.lint import main

    return main(context.args)


def rule(context: typer.Context) -> int:
    """Explain a rule: why it is there, with a bad and a good example."""
    from toolreg.cli.rule import main

    return main(context.args)


def register(app: typer.Typer) -> None:
    """Put every command of the table into the application."""
    for command in COMMANDS:
        module, _, name = command.place.partition(":")
        found = getattr(import_module(f"toolreg.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=command.name, rich_help_panel=command.panel)
        else:
            own = _OWN_PARSER if found in (lint, rule) else None
            app.command(command.name, rich_help_panel=command.panel, context_settings=own)(found)
