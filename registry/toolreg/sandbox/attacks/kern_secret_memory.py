"""Memory that no limit counts."""

META = {"group": "kernel interfaces"}


def attack():
    result, number = sysc("memfd_secret", 0)
    return "ESCAPED" if result >= 0 else f"contained: errno {number}"
