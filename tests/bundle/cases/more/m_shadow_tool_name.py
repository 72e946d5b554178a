from smolagents import tool
run = "run"
run_it_helper = "h"
RunIt = "class name is taken"
def forward(): return "f"
def setup(): return "s"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return run + run_it_helper + RunIt + forward() + setup() + str(n)
