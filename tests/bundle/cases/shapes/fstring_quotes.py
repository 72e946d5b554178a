from smolagents import tool
PREFIX = "it's \"q\""


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    x = {"k": [n, 2]}
    return f"{x['k']!r:>12}" + f'{"a" if n else "b"}' + f"{n:{'0'}>{3}}" + f"{{n}}" + f"""{x["k"][0]
        }""" + f"{(lambda v: v * 2)(n)}" + rf"\d{n}" + f"{n=}" + "a" f"{n}" 'b' + f"{PREFIX + 'it''s'}"