from smolagents import tool

π = lambda x: x * 3
fix = "lig"
名前 = {1: "ä", 2: "ö 🎉"}
class Ärger(Exception):
    '''Döc.'''


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    größe = n
    return f'{größe}{π(n)}{ﬁx}{名前[n]}'