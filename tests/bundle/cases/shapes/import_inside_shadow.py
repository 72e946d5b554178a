from smolagents import tool

import pprint as codec
path = "module"
def outer(): return path + codec.pformat(1)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    import json as codec
    from os import path
    def inner(codec=codec):
        from json import loads as path
        return path("[1]")
    return codec.dumps(inner()) + path.basename("a/b") + str(n) + outer()
