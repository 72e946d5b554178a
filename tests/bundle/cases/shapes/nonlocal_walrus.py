from smolagents import tool
SQUARES = [last := x * x for x in range(3)] + [last]


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    count = 0
    def bump(k: int) -> int:
        nonlocal count
        count += k
        return count
    if (m := bump(n)) > 1 and any((hit := v) > 2 for v in range(5)):
        return f"{m}{hit}{bump(1)}{[y := 1, y**2]}{SQUARES}"
    return "none"
