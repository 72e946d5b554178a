from smolagents import tool
HANDLERS = {}

def register(name):
    def deco(fn):
        HANDLERS[name] = fn
        return fn
    return deco

@register("a")
def _a():
    return "A"

@register("b")
def _b():
    return "B"

@tool
def dispatch(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return HANDLERS[text]() + str(sorted(HANDLERS))
