"""Change disk quotas."""

META = {"group": "kernel interfaces", "seen": "native:quotactl"}


def attack():
    result, number = sysc("quotactl", 0x80000100, b"/dev/root", 0, None)
    return "ESCAPED" if result >= 0 or number not in (1, 38) else "contained"
