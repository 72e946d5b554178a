from smolagents import tool
def lazy():
    import json, os.path
    from collections import OrderedDict as OD
    return json.dumps(OD(a=os.path.sep))


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    import base64 as b
    def inner():
        from textwrap import shorten
        return shorten("a b c d", 5 + n)
    return lazy() + b.b64encode(b"x").decode() + inner()
