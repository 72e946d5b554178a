from smolagents import tool
for unit in ("km", "mi"):
    @tool
    def run_it(n: int) -> str:
        """Do the thing.

        Args:
            n: A value.
        """
        return str(n) + unit
