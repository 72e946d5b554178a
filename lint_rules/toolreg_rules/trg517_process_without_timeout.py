import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, nodes
from toolreg_rules._edits import add_keyword
from toolreg_rules._local import is_value, words_of

_WAITING = ("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output")
# Methods of a started program, and the position of their timeout.
_STARTED = {"subprocess.Popen.wait": 0, "subprocess.Popen.communicate": 1}
_ENDLESS = ("os.system", "subprocess.getoutput", "subprocess.getstatusoutput")


@rule(
    "TRG517",
    "process-without-timeout",
    Severity.WARNING,
    bad=[
        function_tool(
            "import subprocess\nreturn subprocess.run(['wc', path], capture_output=True, text=True).stdout[:99]",
            signature="path: str",
            effects="run: wc\nread: {path}",
        ),
    ],
    good=[
        function_tool(
            "import subprocess\nreturn subprocess.run(['wc', path], timeout=5, capture_output=True, text=True).stdout[:99]",
            signature="path: str",
            effects="run: wc\nread: {path}",
        ),
    ],
    fix="unsafe",
    needs=(*_WAITING, *_STARTED, *_ENDLESS),
)
def process_without_timeout(tool: ToolSource) -> Iterator[Hit]:
    """A program is started and waited for without end.

    A program that asks for a password, or hangs, stops the agent for good. Give `timeout=` in seconds.
    """
    for call in calls(tool, *_WAITING, *_STARTED):
        words, more = words_of(tool, call.node)
        given = words.get("timeout")
        limited = more or "timeout" in call.keywords or 0 <= _STARTED.get(call.name, -1) < len(call.node.args)
        if given is None and not limited and not (call.name in _STARTED and _was_killed(tool, call.node)):
            fix = add_keyword(tool, call.node, "timeout=60")
            yield call.node, f"{call.name} may wait for ever; pass timeout=", fix
        elif given is not None and is_value(tool, given, None):
            yield call.node, f"{call.name} may wait for ever with timeout=None"
    for call in calls(tool, *_ENDLESS):
        yield call.node, f"{call.name} may wait for ever; use subprocess.run with timeout="


def _was_killed(tool: ToolSource, node: ast.Call) -> bool:
    """The statement before ends the program, so that nothing is left to wait for."""
    receiver = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    return any(
        isinstance(c.func, ast.Attribute)
        and c.func.attr in ("kill", "terminate")
        and ast.unparse(c.func.value) == receiver
        and 0 < node.lineno - c.lineno <= 3
        for c in nodes(tool, ast.Call)
    )
