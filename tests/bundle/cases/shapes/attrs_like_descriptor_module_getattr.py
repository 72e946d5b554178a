from smolagents import tool

from types import MappingProxyType
CONF = MappingProxyType({"a": 1})
def __getattr__(name):
    raise AttributeError(name)
def name_of(n): return f"n{n}"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(CONF['a']) + name_of(n)