"""Swap the root for another folder."""

META = {"group": "files", "seen": "native:pivot_root"}


def attack():
    result, number = sysc("pivot_root", b"/tmp", b"/tmp")
    return "ESCAPED" if result == 0 or number not in (1, 38) else "contained"
