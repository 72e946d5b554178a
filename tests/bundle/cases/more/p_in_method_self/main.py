from smolagents import tool

class Factory:
    def __init__(self, unit): self.unit = unit
    def tools(self):
        @tool
        def run_it(n: int) -> str:
            """Do the thing.

            Args:
                n: A value.
            """
            return str(n) + self.unit
        return [run_it]
