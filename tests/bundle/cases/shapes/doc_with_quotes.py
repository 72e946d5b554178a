from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Say "hi" and 'bye' \\n then 100%% {n}.

        Indented line with trailing space: 
        - item: not an argument

    Args:
        n: A "value": with colon,
            and a second line.

    Returns:
        Text.
    """
    return str(n)