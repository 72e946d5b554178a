from smolagents import tool
import types, sys
Made = type("Made", (), {"hi": lambda self: "hi", "k": 3})
def make(name): return type(name, (Made,), {"name": name})
A = make("A")
setattr(A, "later", property(lambda self: "later"))
mod = types.ModuleType("virt"); mod.value = 4
exec("def dyn(x): return x + 1", mod.__dict__)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return A().hi() + A.name + A().later + str(mod.value) + str(mod.dyn(n))
