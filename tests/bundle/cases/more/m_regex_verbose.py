from smolagents import tool
import re
WORDS = re.compile(r"""
    (?P<a>\d+)   # a number "quoted"
    \s* [-+] \s*
""", re.X | re.I)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str([m.group("a") for m in WORDS.finditer("12 + 3 -")]) + str(n)
