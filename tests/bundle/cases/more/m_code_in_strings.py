from smolagents import tool
SNIPPET = """
from smolagents import tool
@tool
def run_it(n: int) -> str:
    \"\"\"Not this one.\"\"\"
    return 'x'
"""
OTHER = '''class Fake(Tool):
    name = "run_it"  # """
'''
RAW = r"C:\new\table\"" + b"\x00\xff".hex()


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    # @tool in a comment, def run_it(): """
    text = "@tool\ndef forward(self):" 'it''s'
    return SNIPPET + OTHER + RAW + text + str(n)
