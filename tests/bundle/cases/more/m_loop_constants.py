from smolagents import tool
TABLE = {}
for _i, _c in enumerate("abc"):
    if _c == "b":
        continue
    TABLE[_c] = _i
else:
    TABLE["end"] = len(TABLE)
SQUARES = [i * i for i in range(4)]
del _i
while len(SQUARES) < 6: SQUARES.append(0)
(A, *B), C = (1, 2, 3), [4]
X = Y = {}
Y["k"] = 1


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(TABLE) + str(SQUARES) + str((A, B, C, X)) + str(n)
