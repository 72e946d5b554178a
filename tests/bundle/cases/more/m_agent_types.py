from smolagents import tool
from smolagents.agent_types import AgentText, AgentImage
from smolagents import AgentAudio


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return AgentText("x" * n)
