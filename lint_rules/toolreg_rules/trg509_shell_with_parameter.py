import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Call, calls
from toolreg_rules._flow import parameter_in
from toolreg_rules._local import value_of, words_of

_ASKING = (
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.Popen",
    "asyncio.create_subprocess_exec",
)
_SHELLS = (
    *_ASKING,
    "os.system",
    "os.popen",
    "paramiko.SSHClient.exec_command",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "asyncio.create_subprocess_shell",
)


@rule(
    "TRG509",
    "shell-with-parameter",
    Severity.ERROR,
    bad=[
        function_tool(
            "import subprocess\nreturn subprocess.run(f'wc {path}', shell=True, timeout=5, capture_output=True, text=True).stdout[:99]",
            signature="path: str",
            effects="run: *\nread: {path}",
        ),
    ],
    good=[
        function_tool(
            "import subprocess\nreturn subprocess.run(['wc', path], timeout=5, capture_output=True, text=True).stdout[:99]",
            signature="path: str",
            effects="run: wc\nread: {path}",
        ),
    ],
    references=["https://cwe.mitre.org/data/definitions/78.html"],
    needs=_SHELLS,
)
def shell_with_parameter(tool: ToolSource) -> Iterator[Hit]:
    """A command line for a shell is made from a parameter.

    An argument such as `; rm -rf ~` is then a command. Pass a list without a shell: `subprocess.run(["git", "log",
    name])`, or quote with `shlex.quote`.
    """
    for call in calls(tool, *_SHELLS):
        command = call.argument("args" if call.name.startswith("subprocess.") else "command", 0)
        name = next(
            (n for part in _read_by_shell(tool, call, command) if (n := parameter_in(tool, part))), ""
        )
        if name:
            yield (
                call.node,
                f"the shell reads '{name}', a parameter, as commands; pass a list without a shell",
            )


_PROGRAMS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "fish", "cmd", "cmd.exe", "powershell", "pwsh"})
_TAKES_COMMAND = re.compile(r"-[a-z]*c|/c|-command", re.I)


def _read_by_shell(tool: ToolSource, call: Call, command: ast.expr | None) -> list[ast.expr]:
    """The parts of a command that a shell takes apart."""
    if command is None:
        return []
    known = value_of(tool, command)
    through = call.name not in _ASKING or _is_true(tool, words_of(tool, call.node)[0].get("shell"))
    if call.name == "asyncio.create_subprocess_exec":
        return _after_shell(call.node.args)
    if not isinstance(known, ast.List | ast.Tuple):
        return [command] if through else []
    return known.elts[:1] + _after_shell(known.elts) if through else _after_shell(known.elts)


def _after_shell(words: list[ast.expr]) -> list[ast.expr]:
    """What follows `bash -c`."""
    texts = [w.value if isinstance(w, ast.Constant) and isinstance(w.value, str) else "" for w in words]
    if not texts or texts[0].replace("\\", "/").rsplit("/", 1)[-1].lower() not in _PROGRAMS:
        return []
    at = next((n for n, text in enumerate(texts) if n and _TAKES_COMMAND.fullmatch(text)), len(texts))
    return words[at + 1 : at + 2]


def _is_true(tool: ToolSource, node: ast.expr | None) -> bool:
    known = value_of(tool, node)
    return isinstance(known, ast.Constant) and bool(known.value)
