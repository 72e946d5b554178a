from smolagents import tool
import sys
if sys.version_info >= (3, 8):
    def _impl(t):
        return t + "new"
else:
    def _impl(t):
        return t + "old"

@tool
def which(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return _impl(text)
