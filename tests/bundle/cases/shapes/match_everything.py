from smolagents import tool

class LIMIT:
    value = 99
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
    def __repr__(self): return f"P({self.x},{self.y})"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    match {"k": n, "rest": [1, 2, 3], "p": Point(n, 1)}:
        case {"k": LIMIT.value, **others}:
            return f"limit {others}"
        case {"k": int(k), "rest": [first, *tail], "p": Point(x=px, y=1) as whole, **others} if k > 1:
            return f"{k}{first}{tail}{px}{whole}{others}"
        case _:
            return "other"
