"""Attach to the parent."""

META = {"group": "processes", "seen": "native:ptrace"}


def attack():
    result, number = sysc("ptrace", 16, os.getppid(), 0, 0)
    return "ESCAPED: attached" if result == 0 else f"contained: errno {number}"
