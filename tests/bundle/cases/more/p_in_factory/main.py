from smolagents import tool
def build(unit="km", *, factor=2):
    scale = factor * 10
    def helper(x): return x * scale
    @tool
    def run_it(n: int) -> str:
        """Do the thing.

        Args:
            n: A value.
        """
        return str(helper(n)) + unit
    return run_it
run_it = build("mi")
