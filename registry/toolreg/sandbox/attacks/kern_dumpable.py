"""Become unreadable to the supervisor."""

META = {"group": "kernel interfaces"}


def attack():
    results = [libc.prctl(4, 0, 0, 0, 0), libc.prctl(36, 1, 0, 0, 0), libc.prctl(35, 1, 0, 0, 0)]
    return f"ESCAPED: {results}" if 0 in results else "contained"
