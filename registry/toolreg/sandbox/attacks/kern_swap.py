"""Turn swap on and off."""

META = {"group": "kernel interfaces", "seen": "native:swapon"}


def attack():
    result, number = sysc("swapon", b"/nonexistent", 0)
    return "ESCAPED" if number not in (1, 38) else "contained"
