from smolagents import tool
try:
    import ujson_surely_missing as json
except ImportError:
    import json
    FAST = False
else:
    FAST = True
finally:
    DONE = "yes"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return json.dumps({"n": n, "fast": FAST, "done": DONE})
