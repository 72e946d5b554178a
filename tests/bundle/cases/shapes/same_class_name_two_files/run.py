from smolagents import tool
from one import Config, load
from two import Config as Second, load as load_two
import one, two


@tool
def run_it(n: int) -> str:
    """Do.

    Args:
        n: N.

    Returns:
        Text.
    """
    return load().name + load_two().name + Config.name + Second.name + repr(one.Config()) + type(two.Config()).__name__
