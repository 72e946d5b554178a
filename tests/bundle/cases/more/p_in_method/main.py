from smolagents import tool

class Factory:
    def tools(self):
        @tool
        def run_it(n: int) -> str:
            """Do the thing.

            Args:
                n: A value.
            """
            return str(n)
        return [run_it]
