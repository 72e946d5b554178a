from smolagents import tool

@tool
def weather(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return "The weather in " + text + " https://weather.example.com/weather"
