import ast
from collections.abc import Iterator

from toolreg.contract.source import Function, ToolSource
from toolreg.contract.walk import Walk
from toolreg.lint.example import function_tool
from toolreg.lint.rule import Hit, Severity, rule
from toolreg.lint.walk import functions, nodes

_BAD = "import math\n\n" + function_tool("return str(math.floor(len(text)))")


@rule(
    "TRG410",
    "module-level-name",
    Severity.INFO,
    bad=[
        _BAD,
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    references=['https://huggingface.co/docs/smolagents/tutorials/tools'],
)
def module_level_name(tool: ToolSource) -> Iterator[Hit]:
    """The tool uses what stands outside it: stock smolagents refuses to save it.

    Imports, constants and helpers at the top of the file are lost when smolagents saves a tool. `toolreg publish`
    takes them along; move imports into the function if the tool is also to be saved by smolagents itself.
    """
    outside = _bound_by_module(tool) - {tool.node.name}
    if not outside:
        return
    inside = _bound_inside(tool)
    first: dict[str, ast.Name] = {}
    hints = _in_hints(tool)
    for node in _code(tool).nodes(ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id in outside and node.id not in inside and node not in hints:
            first.setdefault(node.id, node)
    if first:
        names = ", ".join(f"'{n}'" for n in list(first)[:5]) + (" and more" if len(first) > 5 else "")
        yield next(iter(first.values())), f"uses {names} from outside the tool, which smolagents itself would not save"


def _bound_by_module(tool: ToolSource) -> set[str]:
    """Names that the file binds at its top level, smolagents' own left out."""
    found: set[str] = set()
    stack: list[ast.AST] = list(tool.module.tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            if getattr(node, "module", None) not in ("smolagents", "typing", "__future__"):
                found |= {a.asname or a.name.split(".")[0] for a in node.names if a.name.split(".")[0] != "smolagents"}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            stack += ast.iter_child_nodes(node)
    return found


def _bound_inside(tool: ToolSource) -> set[str]:
    names = {n.id for n in nodes(tool, ast.Name) if not isinstance(n.ctx, ast.Load)} | {a.arg for a in nodes(tool, ast.arg)}
    names |= {h.name for h in nodes(tool, ast.ExceptHandler) if h.name} | {f.name for f in functions(tool)}
    return names | {a.asname or a.name.split(".")[0] for a in nodes(tool, ast.alias)}


def _code(tool: ToolSource) -> Walk:
    """The statements and defaults of its functions; decorators, hints and attributes are written anew, or dropped."""
    roots = [part for f in _methods(tool) for part in (*f.args.defaults, *(d for d in f.args.kw_defaults if d), *f.body)]
    return Walk(*roots)


def _methods(tool: ToolSource) -> list[Function]:
    members = tool.node.body if isinstance(tool.node, ast.ClassDef) else [tool.node]
    return [m for m in members if isinstance(m, Function)]


def _in_hints(tool: ToolSource) -> set[ast.AST]:
    """Names within the hints of variables and of nested functions."""
    hints = [n.annotation for n in nodes(tool, ast.AnnAssign)] + [a.annotation for a in nodes(tool, ast.arg) if a.annotation]
    return {name for hint in hints for name in ast.walk(hint)}
