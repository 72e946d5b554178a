from smolagents import tool

import json

def _default(self, o):
    return sorted(o)

json.JSONEncoder.default = _default


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return json.dumps({1, 2}) + str(n)