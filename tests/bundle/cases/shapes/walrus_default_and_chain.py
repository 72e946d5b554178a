from smolagents import tool

a = b = [1]
first, *rest = OFFSETS = (OFFSET := 4, 5, 6)
a.append(2)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f'{(y := n + OFFSET)}{y}{a}{b}{first}{rest}'