"""Restart the machine (with a wrong magic number)."""

META = {"group": "kernel interfaces", "seen": "native:reboot"}


def attack():
    result, number = sysc("reboot", 0, 0, 0, None)
    return "ESCAPED: reboot is reachable" if result >= 0 or number == 22 else f"contained: errno {number}"
