"""Process accounting into a file."""

META = {"group": "kernel interfaces", "seen": "native:acct"}


def attack():
    result, number = sysc("acct", None)
    return "ESCAPED" if result >= 0 or number not in (1, 38) else "contained"
