from smolagents import tool; import json; X = 1; Y = 2

@tool
def semi(text: str) -> str:
    """Semi.

    Args:
        text: Text.
    """; return json.dumps(text) + str(Y)
