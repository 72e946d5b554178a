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
AGENT = "Agents on confined tools"
COMMANDS = (
    Command("lint", "commands:lint", AUTHOR),
    Command("rule", "commands:rule", AUTHOR),
    Command("effects", "effects:effects", AUTHOR),
    Command("run", "run:run", AUTHOR),
    Command("check", "check:check", AUTHOR),
    Command("publish", "publish:publish", AUTHOR),
    Command("search", "search:search", READER),
    Command("hub serve", "hub:serve", MACHINE),
    Command("new tool", "new:new_tool", AGENT),
    Command("new agent", "new:new_agent", AGENT),
    Command("agent run", "agent:run", AGENT),
    Command("doctor", "doctor:doctor", AGENT),
    Command("trace list", "trace:list_runs", AGENT),
    Command("trace show", "trace:show", AGENT),
    Command("trace html", "trace:html", AGENT),
    Command("trace export", "trace:export", AGENT),
    Command("trace replay", "trace:replay", AGENT),
)
GROUPS = {
    "hub": "The embedded Hub: serve it, and who may write to it.",
    "new": "Start a tool or an agent that is right from the first minute.",
    "agent": "Run agents on confined tools.",
    "trace": "Look at recorded runs, export and replay them.",
}

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


def register(app: typer.Typer, wanted: str = "") -> None:
    """Put the commands of the table into the application; only the wanted one where it is named, to start at once."""
    chosen = [c for c in COMMANDS if c.name.split()[0] == wanted] or COMMANDS
    groups: dict[str, typer.Typer] = {}
    for command in chosen:
        group, _, name = command.name.rpartition(" ")
        if group and group not in groups:
            groups[group] = typer.Typer(help=GROUPS[group], no_args_is_help=True)
            app.add_typer(groups[group], name=group, rich_help_panel=command.panel)
        module, _, attribute = command.place.partition(":")
        function = getattr(import_module(f"toolreg.cli.{module}"), attribute)
        own = _OWN_PARSER if function in (lint, rule) else None
        groups.get(group, app).command(name, rich_help_panel=command.panel, context_settings=own)(function)
    if len(chosen) == 1 and not groups:
        app.callback()(lambda: None)  # with one command alone, typer would take its name for an argument
