"""Hold the process up in a child that shares its memory."""

META = {"group": "processes", "seen": "run:*"}


def attack():
    for flags in (0x4111, 0x4100 | 17, 0x100 | 17, 0x1000 | 17):
        result, number = sysc("clone", flags, 0, 0, 0, 0)
        if result == 0:
            os._exit(0)
        if result > 0:
            return f"ESCAPED: child {result}"
    return "contained"
