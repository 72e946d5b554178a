import smolagents

class Tool:
    pass

@smolagents.tool
def kind(text: str) -> str:
    """Kind.

    Args:
        text: Text.
    """
    return text + Tool.__name__
