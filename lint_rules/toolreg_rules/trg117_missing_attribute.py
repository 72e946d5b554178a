import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool
from toolreg_rules._signature import head_of, is_tool


@rule(
    "TRG117",
    "missing-attribute",
    Severity.ERROR,
    bad=[
        class_tool(description=None),
        class_tool(output_type=None),
    ],
    good=[
        class_tool(),
    ],
    needs=["class"],
)
def missing_attribute(tool: ToolSource) -> Iterator[Hit]:
    """A `Tool` subclass without name, description, inputs, output_type or forward.

    smolagents refuses to make an instance of it.
    """
    if tool.form == "function" or _outside(tool):
        return
    have = _assigned_in_init(tool)
    for name in ("name", "description", "inputs", "output_type"):
        if tool.attribute(name) is None and name not in have:
            yield tool.node, f"class attribute '{name}' is missing; smolagents refuses the tool"
    if tool.method("forward") is None and tool.attribute("forward") is None and "forward" not in have:
        yield tool.node, "method 'forward' is missing; smolagents refuses the tool"


def _assigned_in_init(tool: ToolSource) -> set[str]:
    """Attributes that `__init__` sets; smolagents looks for them only after it."""
    init = tool.method("__init__")
    found = (
        {n.attr for n in ast.walk(init) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
        if init
        else set()
    )
    return found | {
        d.name
        for owner in (tool.node, *tool.bases)
        for d in getattr(owner, "body", ())
        if isinstance(d, ast.FunctionDef)
    } - {"forward"}


def _outside(tool: ToolSource) -> bool:
    """A base that stands elsewhere, and may define any of it."""
    known = {b.name for b in tool.bases}
    owners = [o for o in (tool.node, *tool.bases) if isinstance(o, ast.ClassDef)]
    return any(not is_tool(tool, b) and head_of(b) not in known for o in owners for b in o.bases)
