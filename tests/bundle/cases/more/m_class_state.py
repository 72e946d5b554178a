from smolagents import tool
class Store:
    items: list = []
    _instance = None
    def __new__(cls, *a):
        if cls._instance is None: cls._instance = super().__new__(cls)
        return cls._instance


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    Store().items.append(n)
    return str(Store().items) + str(Store() is Store())
