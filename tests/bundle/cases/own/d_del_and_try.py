from smolagents import tool
try:
    VALUE = undefined_thing
except NameError as problem:
    VALUE = type(problem).__name__
_tmp = 1
del _tmp

@tool
def deleted(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return VALUE + text
