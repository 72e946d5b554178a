"""A sparse file of a terabyte."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    try:
        os.truncate(os.open("giant", os.O_CREAT | os.O_RDWR), 1 << 40)
    except OSError as error:
        return f"contained: {error}"
    return "CHECK: nothing so large may arrive"
