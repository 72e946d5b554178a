from smolagents import tool
from größen import länge, ﬁnal


@tool
def run_it(n: int) -> str:
    """Größe – “quoted” 🎉.

    Args:
        n: Größe.

    Returns:
        Text.
    """
    ünï = länge("äöü🎉") * n
    return f"{ünï}{final}🎉"
