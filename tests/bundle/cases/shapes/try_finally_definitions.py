from smolagents import tool

try:
    def parse(text):
        return "fast" + text
    VERSION = "1"
except Exception:
    def parse(text):
        return "slow" + text
    VERSION = "2"
if VERSION == "1":
    _parse = parse
    def parse(text):
        return "wrapped" + _parse(text)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return parse(str(n)) + VERSION