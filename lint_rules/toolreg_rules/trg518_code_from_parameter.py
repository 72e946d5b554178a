import ast
from collections.abc import Iterator
from itertools import pairwise

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls
from toolreg_rules._flow import parameter_in
from toolreg_rules._local import value_of

# What runs a text, by position and keyword.
_RUNNING = {
    **dict.fromkeys(
        ("eval", "exec", "compile", "builtins.eval", "builtins.exec", "builtins.compile"), (0, "source")
    ),
    **dict.fromkeys(("__import__", "builtins.__import__", "importlib.import_module"), (0, "name")),
    **dict.fromkeys(("timeit.timeit", "timeit.repeat", "timeit.Timer"), (0, "stmt")),
    **dict.fromkeys(("pandas.eval", "numexpr.evaluate", "sympy.parse_expr"), (0, "expr")),
    "sympy.sympify": (0, "a"),
    "sympy.parsing.sympy_parser.parse_expr": (0, "s"),
    "jinja2.Template": (0, "source"),
    "jinja2.Environment.from_string": (0, "source"),
    "runpy.run_path": (0, "path_name"),
    "runpy.run_module": (0, "mod_name"),
    "code.InteractiveInterpreter.runsource": (0, "source"),
    "code.InteractiveInterpreter.runcode": (0, "code"),
    "types.FunctionType": (0, "code"),
}
_STARTING = (
    "subprocess.run",
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
)


@rule(
    "TRG518",
    "code-from-parameter",
    Severity.ERROR,
    bad=[
        function_tool("return str(eval(text))", effects="code: *"),
    ],
    good=[
        function_tool("import ast\nreturn str(ast.literal_eval(text))"),
    ],
    references=["https://cwe.mitre.org/data/definitions/95.html"],
    needs=(*_RUNNING, *_STARTING),
)
def code_from_parameter(tool: ToolSource) -> Iterator[Hit]:
    """Code that a parameter holds is run.

    Arguments come from a model, and through it from any page that it read. Take an expression apart with `ast`, or
    look up allowed names in a dict.
    """
    for call in calls(tool, *_RUNNING):
        position, words = _RUNNING[call.name]
        given = call.argument(words, position)
        name = parameter_in(tool, given) if given is not None else ""
        if name:
            yield call.node, f"{call.name} runs '{name}', a parameter, as code"
    for call in calls(tool, *_STARTING):
        program = value_of(tool, call.node.args[0]) if call.node.args else None
        name = _told(tool, program.elts) if isinstance(program, ast.List | ast.Tuple) else ""
        if name:
            yield call.node, f"the interpreter that is started runs '{name}', a parameter, as code"


def _told(tool: ToolSource, words: list[ast.expr]) -> str:
    """The parameter behind `python -c` or `node -e`."""
    for flag, code in pairwise(words):
        if (
            isinstance(flag, ast.Constant)
            and flag.value in ("-c", "-e", "--eval", "-r")
            and _is_interpreter(words[0])
        ):
            return parameter_in(tool, code)
    return ""


def _is_interpreter(node: ast.expr) -> bool:
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)
    return text.rsplit("/", 1)[-1].startswith(
        ("python", "node", "ruby", "perl", "php", "sys.executable", "deno")
    )
