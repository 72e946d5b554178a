"""Run a program that has no path."""

META = {"group": "processes", "seen": "native:memfd_create"}


def attack():
    result, number = sysc("memfd_create", b"x", 0)
    return "ESCAPED: memfd" if result >= 0 else f"contained: errno {number}"
