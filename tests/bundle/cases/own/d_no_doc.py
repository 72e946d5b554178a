from smolagents import tool

@tool
def nodoc(x: int) -> int:
    return x
