from smolagents import tool
import acme


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    import acme.core
    return str(acme.core.core(n)) + acme.V
