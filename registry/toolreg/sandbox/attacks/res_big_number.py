"""A number that fills memory."""

META = {"group": "resources"}


def attack():
    try:
        value = 10 ** (10**9)
    except MemoryError:
        return "contained: MemoryError"
    return "ESCAPED" if value else "contained"
