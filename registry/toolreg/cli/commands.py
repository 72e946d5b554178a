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


AUTHOR, READER, AGENTS, MANY, MACHINE = (
    "Write and publish tools",
    "Find and use tools",
    "Agents",
    "Many tools",
    "This machine",
)
COMMANDS = (
    Command("new tool", "new:new_tool", AUTHOR),
    Command("new agent", "new:new_agent", AUTHOR),
    Command("lint", "commands:lint", AUTHOR),
    Command("rule", "commands:rule", AUTHOR),
    Command("lsp", "commands:lsp", AUTHOR),
    Command("effects", "effects:effects", AUTHOR),
    Command("run", "run:run", AUTHOR),
    Command("build", "build:build", AUTHOR),
    Command("check", "check:check", AUTHOR),
    Command("publish", "publish:publish", AUTHOR),
    Command("search", "search:search", READER),
    Command("show", "show:show", READER),
    Command("add", "add:add", READER),
    Command("verify", "verify:verify", READER),
    Command("update", "update:update", READER),
    Command("diff", "diff:diff", READER),
    Command("agent run", "agent:run", AGENTS),
    Command("trace list", "trace:list_runs", AGENTS),
    Command("trace show", "trace:show", AGENTS),
    Command("trace html", "trace:html", AGENTS),
    Command("trace export", "trace:export", AGENTS),
    Command("trace replay", "trace:replay", AGENTS),
    Command("mcp import", "mcp:import_server", AGENTS),
    Command("mcp serve", "mcp:serve", AGENTS),
    Command("audit", "audit:audit", MANY),
    Command("gallery", "gallery:gallery", MANY),
    Command("review", "review:review", MANY),
    Command("approve", "review:approve", MANY),
    Command("config schema", "config:schema", MACHINE),
    Command("config check", "config:check", MACHINE),
    Command("doctor", "doctor:doctor", MACHINE),
    Command("sandbox check", "sandbox:check", MACHINE),
    Command("sandbox probe", "sandbox:probe", MACHINE),
    Command("hub serve", "hub:serve", MACHINE),
    Command("hub user-add", "hub:user_add", MACHINE),
    Command("hub user-remove", "hub:user_remove", MACHINE),
    Command("hub user-list", "hub:user_list", MACHINE),
    Command("index update", "search:index_update", MACHINE),
    Command("key create", "key:create", MACHINE),
    Command("key show", "key:show", MACHINE),
    Command("key export", "key:export", MACHINE),
    Command("key rotate", "key:rotate", MACHINE),
    Command("key follow", "key:follow", MACHINE),
    Command("key trust", "key:trust", MACHINE),
    Command("key forget", "key:forget", MACHINE),
    Command("key revoke", "key:revoke", MACHINE),
    Command("key known", "key:known", MACHINE),
)
GROUPS = {
    "new": "Begin a tool or an agent that passes every check as it is.",
    "agent": "Run agents on verified tools, their code in the sandbox.",
    "trace": "What an agent did, step by step.",
    "mcp": "Tools of MCP servers in, confined tools out to any MCP client.",
    "config": "The [tool.toolreg] table of a project.",
    "sandbox": "What this machine's sandbox really holds.",
    "hub": "The embedded Hub: serve it, and who may write to it.",
    "index": "The local index of a Hub's tools.",
    "key": "Signing keys, and the signers you trust.",
}

# `lint`, `rule` and `lsp` have a parser of their own, which starts at once; here they only stand in the list.
_OWN_PARSER = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def lint(context: typer.Context) -> int:
    """Judge tools statically, without importing them: contract, docstring, effects, publishing, dangers."""
    from toolreg.cli.lint import main

    return main(context.args)


def rule(context: typer.Context) -> int:
    """Explain a rule: why it is there, with a bad and a good example."""
    from toolreg.cli.rule import main

    return main(context.args)


def lsp(context: typer.Context) -> int:
    """Show findings and fixes in an editor: a language server on standard input and output."""
    from toolreg.cli.lsp import main

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
        own = _OWN_PARSER if function in (lint, rule, lsp) else None
        groups.get(group, app).command(name, rich_help_panel=command.panel, context_settings=own)(function)
    if len(chosen) == 1 and not groups:
        app.callback()(lambda: None)  # with one command alone, typer would take its name for an argument
