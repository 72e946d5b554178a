import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, names_of, nodes

_CHANGES = {
    "os.chdir": "; pass cwd= to the program, or join paths",
    "os.putenv": "; pass env= to the program",
    "os.environ.update": "; pass env= to the program",
    "os.environ.setdefault": "; pass env= to the program",
    "random.seed": "; use random.Random(seed)",
    "numpy.random.seed": "; use numpy.random.default_rng(seed)",
    "signal.signal": "",
    "locale.setlocale": "",
    "socket.setdefaulttimeout": "; pass timeout=",
    "sys.path.append": "; a published tool has no such folder",
    "sys.path.insert": "; a published tool has no such folder",
    "os.umask": "",
    "sys.setrecursionlimit": "",
}


@rule(
    "TRG515",
    "changes-the-process",
    Severity.WARNING,
    bad=[
        function_tool(
            "import os\nos.environ['TEXT'] = text\nreturn text.splitlines()[0]", effects="env: TEXT"
        ),
        function_tool("import locale\nlocale.setlocale(locale.LC_ALL, 'C')\nreturn text.splitlines()[0]"),
    ],
    good=[
        function_tool("import random\nreturn random.Random(1).choice(text.splitlines())"),
    ],
    needs=(*_CHANGES, ast.Subscript),
)
def changes_the_process(tool: ToolSource) -> Iterator[Hit]:
    """Something is changed for the whole process.

    The working folder, the environment, the seed of chance and signal handlers belong to the agent and to all other
    tools. Pass `cwd=` and `env=` to a program, and make your own `random.Random(seed)`.
    """
    for call in calls(tool, *_CHANGES):
        yield call.node, f"{call.name} changes the whole process{_CHANGES[call.name]}"
    for target in nodes(tool, ast.Subscript):
        if not isinstance(target.ctx, ast.Load) and names_of(tool).dotted(target.value) == "os.environ":
            yield (
                target,
                "changes the environment of the whole process; pass env= to the program that needs it",
            )
