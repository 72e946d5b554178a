from smolagents import tool

class Count:
    def __init__(self, function):
        import functools
        functools.update_wrapper(self, function)
        self.function = function
        self.calls = 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        return f"{self.calls}:{self.function(*args, **kwargs)}"

@Count
def helper(n):
    return n * 2


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return helper(n) + helper(n)