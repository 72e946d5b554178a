from smolagents import tool
def build():
    made = []
    for unit in ("km", "mi"):
        @tool
        def run_it(n: int) -> str:
            """Do the thing.

            Args:
                n: A value.
            """
            return str(n) + unit
        made.append(run_it)
    return made
