from smolagents import tool
import sys
VERBOSE = 0
def main(): print(run_it(1))
if __name__ == "__main__":
    VERBOSE = 5
    sys.exit(main())


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(VERBOSE + n)
