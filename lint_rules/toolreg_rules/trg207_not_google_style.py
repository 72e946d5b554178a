from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg_rules._draft import fix_of
from toolreg_rules._sections import in_google_style

_NUMPY = '''from smolagents import tool


@tool
def first_line(text: str) -> str:
    """Shorten a text to its first line.

    Side effects: none

    Parameters
    ----------
    text : str
        Text to shorten, e.g. "one two".

    Returns
    -------
    str
        The first line, without its end.

    Examples
    --------
    >>> first_line('one')
    'one'
    """
    return text.splitlines()[0]
'''


@rule(
    "TRG207",
    "not-google-style",
    Severity.ERROR,
    bad=[
        _NUMPY,
        function_tool("return text.splitlines()[0]").replace("Args:", "Parameters:"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
    ],
    fix="unsafe",
    references=["https://google.github.io/styleguide/pyguide.html#383-functions-and-methods"],
)
def not_google_style(tool: ToolSource) -> Iterator[Hit]:
    """A docstring in NumPy, reStructuredText or Epytext style.

    smolagents reads Google style alone, with a section named exactly `Args:`; of any other it sees no parameters and
    refuses the tool. `toolreg lint --fix --unsafe-fixes` rewrites it.
    """
    docstring = tool.docstring
    if docstring.style != "google":
        style = {"numpy": "NumPy", "epytext": "Epytext"}.get(docstring.style, "reStructuredText")
        fix = fix_of(tool, in_google_style(tool), "Rewrite it in Google style")
        yield (
            tool.docstring_node or tool.node,
            f"the docstring is written in {style} style; smolagents reads only Google's",
            fix,
        )
        return
    section = docstring.section("Args")
    if section is not None and section.written != "Args" and tool.form == "function":
        fix = fix_of(tool, in_google_style(tool), "Write 'Args:'", safe=True)
        yield section, f"smolagents looks for 'Args:', not '{section.written}:'", fix
