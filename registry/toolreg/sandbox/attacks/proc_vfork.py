"""Fork by the old call."""

META = {"group": "processes", "seen": "run:*"}


def attack():
    if "vfork" not in NUMBERS:
        return "contained: no such call here"
    result, number = sysc("fork")
    if result == 0:
        os._exit(0)
    return "ESCAPED: forked" if result > 0 else f"contained: errno {number}"
