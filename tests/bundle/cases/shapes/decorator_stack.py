from smolagents import tool

import functools

def times(k, /, *, sep=","):
    def outer(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            return sep.join(function(*args, **kwargs) for _ in range(k))
        inner.calls = 0
        return inner
    return outer

def shout(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs) + "!"
    return inner

K = 3


@tool
@times(K, sep='@tool ')
@shout
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f'{n}'