from smolagents import tool
import os
import random
random.seed(3)
os.environ["MODE"] = "m"

@tool
def seeded(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return str(random.random()) + os.environ["MODE"]
