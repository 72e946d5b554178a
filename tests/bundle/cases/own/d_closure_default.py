from smolagents import tool
_BASE = "Hello"
GREET = _BASE + " {}"
LIMITS = {}
LIMITS["a"] = 1
for _k in "bc":
    LIMITS[_k] = 2

@tool
def greet_all(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return GREET.format(text) + str(LIMITS["a"])
