from smolagents import tool


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    if n > 100:
        import numpy as np
        return str(np.arange(3))
    try:
        from PIL import Image
    except ImportError:
        Image = None
    return str(n)
