from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls
from toolreg_rules._flow import parameter_in


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
    needs=["eval", "exec", "compile", "builtins.eval", "builtins.exec"],
)
def code_from_parameter(tool: ToolSource) -> Iterator[Hit]:
    """Code that a parameter holds is run.

    Arguments come from a model, and through it from any page that it read. Take an expression apart with `ast`, or
    look up allowed names in a dict.
    """
    for call in calls(tool, "eval", "exec", "compile", "builtins.eval", "builtins.exec"):
        name = parameter_in(tool, call.node.args[0]) if call.node.args else ""
        if name:
            yield call.node, f"{call.name} runs '{name}', a parameter, as code"
