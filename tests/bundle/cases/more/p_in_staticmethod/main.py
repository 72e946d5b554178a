from smolagents import tool
UNIT = "km"
class Factory:
    @staticmethod
    def build(unit: str = UNIT):
        @tool
        def run_it(n: int) -> str:
            """Do the thing.

            Args:
                n: A value.
            """
            return str(n) + unit
        return run_it
