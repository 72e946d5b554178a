"""Fanotify_init: watch the host's files."""

META = {"group": "kernel interfaces", "seen": "native:fanotify_init"}


def attack():
    r, e = sysc("fanotify_init", 0x600, 0)
    return f"ESCAPED: reachable ({r},{e})" if r >= 0 else f"contained: errno {e}"
