from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Call, calls, names_of

_PRINTING = (
    "print", "sys.stdout.write", "sys.stdout.writelines", "sys.stdout.buffer.write", "sys.__stdout__.write", "pprint.pprint", "pprint.pp",
    "rich.print", "rich.print_json", "rich.console.Console.print", "click.echo", "click.secho", "typer.echo", "typer.secho",
)  # fmt: skip


@rule(
    "TRG504",
    "print-instead-of-return",
    Severity.WARNING,
    bad=[
        function_tool("print(text)\nreturn text.splitlines()[0]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    needs=_PRINTING,
)
def print_instead_of_return(tool: ToolSource) -> Iterator[Hit]:
    """The tool prints.

    An agent gets what a tool returns; what it prints goes to a log that the model may never see, or into a protocol
    that runs over standard output. Return it, or leave it out.
    """
    for call in calls(tool, *_PRINTING):
        if not _goes_elsewhere(tool, call):
            yield call.node, f"{call.name}() does not reach the model; return the text"


def _goes_elsewhere(tool: ToolSource, call: Call) -> bool:
    """Into a file, a buffer or the error stream."""
    if (
        call.open_ended
        or any(word in (k.arg for k in call.constructor.keywords) for word in ("file", "stderr"))
        if call.constructor
        else call.open_ended
    ):
        return True
    file = call.argument("file") or call.argument("stream")
    if file is None:
        return call.argument("err") is not None
    return names_of(tool).dotted(file) not in ("sys.stdout", "sys.__stdout__")
