from smolagents import tool
KIND = "k"
LATER = "later"

@tool
def nest(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    class Box:
        kind = KIND
        def show(self, KIND="local"):
            return KIND + self.kind + LATER
    def inner(v):
        nonlocal text
        text += v
        return [LATER for LATER in (1,)]
    return Box().show() + str(inner("z")) + text
