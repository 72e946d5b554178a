from smolagents import tool
class Default: pass
class Box[T = Default, *Ts = *tuple[int, ...]]:
    def __init__(self, v: T): self.v = v
def f[T: int = bool](x: T) -> T: return x


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(f(n)) + str(Box(n).v) + Box.__type_params__[0].__default__.__name__
