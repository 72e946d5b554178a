from smolagents import tool

PLUGINS: dict[str, type] = {}
def plugin(name: str):
    def add(cls):
        PLUGINS[name] = cls
        return cls
    return add
@plugin("b")
class B:
    def go(self, n): return n
@plugin("a")
class A(B):
    def go(self, n): return super().go(n) * 2
PLUGINS["c"] = type("C", (B,), {"go": lambda self, n: -n})


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return ','.join(f'{k}{v().go(n)}' for k, v in sorted(PLUGINS.items()))