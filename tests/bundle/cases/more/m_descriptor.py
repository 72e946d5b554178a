from smolagents import tool
class Positive:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, o, t=None): return self if o is None else getattr(o, self.name, None)
    def __set__(self, o, v):
        if v < 0: raise ValueError(f"{self.name} must be positive")
        setattr(o, self.name, v)
class Account:
    amount = Positive()
    def __init__(self, a): self.amount = a


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(Account(n).amount)
