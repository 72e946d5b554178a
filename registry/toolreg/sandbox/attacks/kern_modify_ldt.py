"""Modify_ldt."""

META = {"group": "kernel interfaces", "seen": "native:modify_ldt"}


def attack():
    r, e = sysc("modify_ldt", 0, ctypes.create_string_buffer(64), 64)
    return f"ESCAPED: reachable ({r},{e})" if r >= 0 else f"contained: errno {e}"
