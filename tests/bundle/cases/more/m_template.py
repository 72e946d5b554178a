from smolagents import tool
from string import Template
import textwrap as tw
LETTER = Template(tw.dedent("""
    Dear $name,
        you owe ${n}.
"""))


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return LETTER.safe_substitute(name="Ann", n=n)
