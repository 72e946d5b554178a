"""Userfaultfd."""

META = {"group": "kernel interfaces", "seen": "native:userfaultfd"}


def attack():
    r, e = sysc("userfaultfd", 1)
    return f"ESCAPED: reachable ({r},{e})" if r >= 0 else f"contained: errno {e}"
