from smolagents import tool

@tool
def poem(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    text = f"""
  {text}
	indented
"""
    other = '''a
    b'''
    # comment, kept
    return text + other + "c\
d"
