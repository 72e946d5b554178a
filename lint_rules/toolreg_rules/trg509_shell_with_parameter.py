import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls
from toolreg_rules._flow import parameter_in

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
        shell = call.argument("shell")
        through = call.name not in _ASKING or (isinstance(shell, ast.Constant) and bool(shell.value))
        name = parameter_in(tool, command) if command is not None and through else ""
        if name and not isinstance(command, ast.List | ast.Tuple):
            yield (
                call.node,
                f"the shell reads '{name}', a parameter, as commands; pass a list without a shell",
            )
