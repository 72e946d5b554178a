"""Personality(ADDR_NO_RANDOMIZE)."""

META = {"group": "kernel interfaces", "seen": "native:personality"}


def attack():
    r, e = sysc("personality", 0x0040000)
    return f"ESCAPED: reachable ({r},{e})" if r >= 0 else f"contained: errno {e}"
