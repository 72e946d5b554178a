from smolagents import tool

from collections import namedtuple
Pair = namedtuple("Pair", "a b", defaults=(1,))
BASE = Pair(2)
TABLE = {"a": BASE.a, **{"b": BASE.b}}
def make(k=len(TABLE)):
    return lambda n: n * k


@tool
def run_it(n: int, table: dict = TABLE, k: object = make(), when: str = f'{BASE.a}!') -> str:
    """Do the thing.

    Args:
        n: A value.
            table: T.
            k: K.
            when: W.

    Returns:
        Text.
    """
    return f'{n}{table}{k(n)}{when}'