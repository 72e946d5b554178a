try:
    import yaml
except ImportError:
    yaml = None
from smolagents import tool

@tool
def parse(text: str) -> str:
    """Parse.

    Args:
        text: Text.
    """
    return str(yaml.safe_load(text)) if yaml else text

TOOL = parse
