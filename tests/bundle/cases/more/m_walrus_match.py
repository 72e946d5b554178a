from smolagents import tool
def kind(v):
    match v:
        case {"type": t, **rest} if (size := len(rest)) > 0: return f"map {t} {size}"
        case [x, *ys, z]: return f"seq {x} {ys} {z}"
        case str() | bytes() as s: return f"text {s!r}"
        case complex(real=r, imag=0): return f"real {r}"
        case int(i) if i > 1: return f"big {i}"
        case None | True | False: return "atom"
        case _: return "?"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return "; ".join(kind(v) for v in ({"type": 1, "b": 2}, [1, 2, 3], "s", 2 + 0j, n, None, 0.5))
