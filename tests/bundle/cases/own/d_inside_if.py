from smolagents import tool
import sys
if True:
    K = """a
  b"""
    def helper(t):
        return t + K

    @tool
    def inner_tool(text: str) -> str:
        """Inner.

        Args:
            text: Text.
        """
        return helper(text) + """
  x"""
