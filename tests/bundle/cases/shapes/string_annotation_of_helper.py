from smolagents import tool

import typing as t
Names = "list[str]"
def pick(names: "t.Sequence[str]", n: "int") -> "t.Optional[str]":
    x: "Unknown.Type" = names[n]
    return x


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return pick(['a', 'b'], n)