import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls, names_of, nodes

_PROGRAM = "; pass env= to the program"
_FOLDER = "; a published tool has no such folder"
_CHANGES = {
    "os.chdir": "; pass cwd= to the program, or join paths",
    "os.fchdir": "; pass cwd= to the program, or join paths",
    "contextlib.chdir": "; pass cwd= to the program, or join paths",
    "os.putenv": _PROGRAM,
    "os.unsetenv": _PROGRAM,
    **{f"os.environ.{word}": _PROGRAM for word in ("update", "setdefault", "pop", "popitem", "clear")},
    "random.seed": "; use random.Random(seed)",
    "numpy.random.seed": "; use numpy.random.default_rng(seed)",
    "torch.manual_seed": "; use torch.Generator",
    "signal.signal": "",
    "signal.alarm": "",
    "locale.setlocale": "",
    "socket.setdefaulttimeout": "; pass timeout=",
    **{f"sys.path.{word}": _FOLDER for word in ("append", "insert", "extend", "remove", "pop")},
    "os.umask": "",
    "os.nice": "",
    "resource.setrlimit": "",
    "sys.setrecursionlimit": "",
    "sys.settrace": "",
    "logging.disable": "",
    "time.tzset": "",
    "multiprocessing.set_start_method": "; use get_context()",
    "asyncio.set_event_loop_policy": "",
    "contextlib.redirect_stdout": "",
    "contextlib.redirect_stderr": "",
}
_ENVIRONMENT = "changes the environment of the whole process; pass env= to the program that needs it"


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
    needs=(*_CHANGES, ast.Subscript, ast.Attribute),
)
def changes_the_process(tool: ToolSource) -> Iterator[Hit]:
    """Something is changed for the whole process.

    The working folder, the environment, the seed of chance and signal handlers belong to the agent and to all other
    tools. Pass `cwd=` and `env=` to a program, and make your own `random.Random(seed)`.
    """
    for call in calls(tool, *_CHANGES):
        yield call.node, f"{call.name} changes the whole process{_CHANGES[call.name]}"
    names = names_of(tool)
    for item in nodes(tool, ast.Subscript):
        owner = names.dotted(item.value) if not isinstance(item.ctx, ast.Load) else ""
        if owner == "os.environ":
            yield item, _ENVIRONMENT
        elif owner in ("sys.modules", "sys.path", "sys.argv"):
            yield item, f"{owner} belongs to the whole process"
    for target in nodes(tool, ast.Attribute):
        if not isinstance(target.ctx, ast.Load):
            owner = names.dotted(target)
            if owner == "os.environ":
                yield target, _ENVIRONMENT
            elif owner and owner.split(".")[0] in names.imported.values():
                yield target, f"{owner} is changed for the whole process"
