import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, nodes

_EXITING = (
    "sys.exit", "os._exit", "exit", "quit", "os.abort", "builtins.exit", "builtins.quit", "_thread.interrupt_main", "signal.raise_signal",
)  # fmt: skip
_ENDING = ("SystemExit", "KeyboardInterrupt")


@rule(
    "TRG514",
    "exits-the-interpreter",
    Severity.ERROR,
    bad=[
        function_tool("import sys\nif not text:\n    sys.exit(1)\nreturn text.splitlines()[0]"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
)
def exits_the_interpreter(tool: ToolSource) -> Iterator[Hit]:
    """The tool ends the whole program.

    `sys.exit()` in a tool stops the agent, and its user loses the run. Raise an exception, which the agent can
    answer.
    """
    for call in calls(tool, *_EXITING):
        yield call.node, f"{call.name}() ends the agent too; raise an exception"
    for call in calls(tool, "os.kill", "os.killpg"):
        if call.node.args and ast.unparse(call.node.args[0]).endswith(("getpid()", "getppid()", "getpgrp()")):
            yield call.node, f"{call.name}() ends the agent too; raise an exception"
    if not any(name in tool.module.text for name in _ENDING):
        return
    for node in nodes(tool, ast.Raise):
        if node.exc is not None and ast.unparse(node.exc).split("(")[0] in _ENDING:
            yield node, "ends the agent too; raise another exception"
