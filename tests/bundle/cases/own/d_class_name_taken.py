from smolagents import tool
class WordCount:
    def __init__(self, t):
        self.t = t
    def __str__(self):
        return self.t

@tool
def word_count(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return str(WordCount(text))
