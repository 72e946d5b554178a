from smolagents import tool

SQUARES = {}
for i in range(3):
    SQUARES[i] = i * i
    last = i
NAMES = []
while len(NAMES) < 2:
    NAMES.append(f"n{len(NAMES)}")
with open("/dev/null") as _f:
    NAMES.append(_f.read())


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(SQUARES) + str(NAMES) + str(last)