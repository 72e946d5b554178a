from smolagents import tool

@tool
def unknown(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    import surely_no_such_package_here
    return text
