from smolagents import tool

import sys
if sys.version_info >= (3, 8):
    from json import loads
    KIND = "new"
else:
    from simplejson import loads
    KIND = "old"
try:
    import surely_no_such_package_here as np
    np_name = np.__name__
except ImportError:
    np = None
    np_name = ""
else:
    KIND += "np"
finally:
    KIND += "!"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return loads(f'[{n}]').__repr__() + KIND + (np_name or '')