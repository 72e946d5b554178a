from smolagents import tool
import json

def _default(self, o):
    return sorted(o)

json.JSONEncoder.default = _default

@tool
def dumped(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return json.dumps({1, 2})
