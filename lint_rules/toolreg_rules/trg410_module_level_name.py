import ast
from collections.abc import Iterator

from toolreg.contract.once import once
from toolreg.contract.source import Function, Module, ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import functions, ids, nodes

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
    references=["https://huggingface.co/docs/smolagents/tutorials/tools"],
)
def module_level_name(tool: ToolSource) -> Iterator[Hit]:
    """The tool uses what stands outside it: stock smolagents refuses to save it.

    Imports, constants and helpers at the top of the file are lost when smolagents saves a tool. `toolreg publish`
    takes them along; move imports into the function if the tool is also to be saved by smolagents itself.
    """
    outside = (_bound_by_module(tool.module) & ids(tool)) - {tool.node.name}
    outside -= _bound_inside(tool) if outside else set()
    if not outside:
        return
    first: dict[str, ast.Name] = {}
    bodies = _bodies(tool)
    for node in nodes(tool, ast.Name):
        if (
            node.id in outside
            and isinstance(node.ctx, ast.Load)
            and any(a <= node.lineno <= b for a, b in bodies)
        ):
            first.setdefault(node.id, node)
    if first:
        hints = {name for hint in nodes(tool, ast.AnnAssign) for name in ast.walk(hint.annotation)}
        first = {name: node for name, node in first.items() if node not in hints}
    if first:
        names = ", ".join(f"'{n}'" for n in list(first)[:5]) + (" and more" if len(first) > 5 else "")
        yield (
            next(iter(first.values())),
            f"uses {names} from outside the tool, which smolagents itself would not save",
        )


@once
def _bound_by_module(module: Module) -> set[str]:
    """Names that the file binds at its top level, those of smolagents and typing left out."""
    return set(_bound(module.tree.body))


def _bound(statements: list[ast.stmt]) -> Iterator[str]:
    for node in statements:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)
        elif isinstance(node, Function | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (t.id for target in node.targets for t in ast.walk(target) if isinstance(t, ast.Name))
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            if isinstance(node.target, ast.Name):
                yield node.target.id
        elif not isinstance(node, ast.Expr):
            for field in ("body", "orelse", "finalbody"):
                yield from _bound(getattr(node, field, []))
            for handler in getattr(node, "handlers", ()):
                yield from _bound(handler.body)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if getattr(node, "module", None) in ("smolagents", "typing", "__future__"):
        return []
    tops = [(alias, alias.name.partition(".")[0]) for alias in node.names]
    return [alias.asname or top for alias, top in tops if top != "smolagents"]


def _bound_inside(tool: ToolSource) -> set[str]:
    names = {n.id for n in nodes(tool, ast.Name) if not isinstance(n.ctx, ast.Load)} | {
        a.arg for a in nodes(tool, ast.arg)
    }
    names |= {h.name for h in nodes(tool, ast.ExceptHandler) if h.name} | {f.name for f in functions(tool)}
    return names | {a.asname or a.name.split(".")[0] for a in nodes(tool, ast.alias)}


def _bodies(tool: ToolSource) -> list[tuple[int, int]]:
    """First and last line of what its functions do; decorators, hints and attributes are written anew, or dropped."""
    members = tool.node.body if isinstance(tool.node, ast.ClassDef) else [tool.node]
    return [(m.body[0].lineno, m.end_lineno or 0) for m in members if isinstance(m, Function)]
