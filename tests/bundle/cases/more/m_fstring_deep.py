from smolagents import tool
WIDTH = 6
def q(x, *, k="v"): return f"{x!r:>{WIDTH}}|{k}"
D = {"a": {"b": 1}}


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return f"{q(n)} {D['a']['b']:0{WIDTH}d} {{literal}} {f'{n}' } {n=} {(lambda x: x + 1)(n)} {'a' 'b'}" rf"\d{n}" fr'{n}\n' f"""
       multi {n}
      {q(
          n)}
     end"""
