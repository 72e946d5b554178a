import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, names_of, nodes

_ASKING = (
    "input", "getpass.getpass", "sys.stdin.read", "sys.stdin.readline", "sys.stdin.readlines", "sys.stdin.buffer.read", "fileinput.input",
    "click.prompt", "click.confirm", "click.pause", "typer.prompt", "typer.confirm", "rich.prompt.*", "inquirer.prompt", "questionary.*",
    "prompt_toolkit.prompt", "breakpoint", "pdb.set_trace", "code.interact",
)  # fmt: skip


@rule(
    "TRG503",
    "input-call",
    Severity.ERROR,
    bad=[function_tool("return input(text)")],
    good=[function_tool("return text.splitlines()[0]")],
    needs=(*_ASKING, ast.For),
)
def input_call(tool: ToolSource) -> Iterator[Hit]:
    """Waits for somebody to type.

    Nobody sits at an agent's tool: `input()` stops it for ever, or takes the answer from whatever the
    process has as standard input. Make what is asked a parameter.
    """
    for call in calls(tool, *_ASKING):
        yield call.node, f"{call.name}() waits for somebody to type; make it a parameter"
    for loop in nodes(tool, ast.For):
        if names_of(tool).dotted(loop.iter) == "sys.stdin":
            yield loop.iter, "sys.stdin waits for somebody to type; make it a parameter"
