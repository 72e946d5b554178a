from collections.abc import Iterator
from difflib import get_close_matches

from toolreg.contract.docstring import SECTIONS
from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool


@rule(
    "TRG203",
    "unknown-described-parameter",
    Severity.ERROR,
    bad=[
        function_tool(
            "return text.splitlines()[0]",
            args={"text": "Text to shorten, e.g. 'one'.", "width": "Characters to keep."},
        ),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    needs=["Args:"],
)
def unknown_described_parameter(tool: ToolSource) -> Iterator[Hit]:
    """`Args:` describes a parameter that does not exist.

    A slip or a leftover: the model is told of an input that the tool does not take.
    """
    section = tool.docstring.section("Args")
    if section is None or tool.call is None or tool.call.args.kwarg is not None:
        return
    names = [p.arg for p in tool.parameters]
    for item in section.items():
        if (
            item.name not in names
            and item.name.lower() not in SECTIONS
            and (tool.form == "function" or item.name not in _init_names(tool))
        ):
            near = get_close_matches(item.name, names, 1)
            yield (
                item,
                f"'{item.name}' is described but is no parameter"
                + (f"; did you mean '{near[0]}'?" if near else ""),
            )


def _init_names(tool: ToolSource) -> set[str]:
    """A class docstring may describe the arguments of `__init__` too."""
    init = tool.method("__init__")
    if init is None:
        return set()
    more = [p for p in (init.args.vararg, init.args.kwarg) if p is not None]
    return {p.arg for p in (*init.args.args, *init.args.kwonlyargs, *more)}
