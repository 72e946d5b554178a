from smolagents import tool
A = 1; B = 2; import json; C = A + \
    B
def f(): return json.dumps([A, B, C]);


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    x = 1; y = 2
    if n: return f() + str(x + y)
    else: return ""
