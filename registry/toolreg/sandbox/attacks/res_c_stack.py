"""Recurse until the C stack ends."""

META = {"group": "resources"}


def attack():
    import pickle

    sys.setrecursionlimit(1 << 30)

    def deeper(number):
        return deeper(number + 1)

    try:
        deeper(0)
    except RecursionError:
        return "contained: RecursionError"
    return "contained"
