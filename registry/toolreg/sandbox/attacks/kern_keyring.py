"""Add_key/keyctl: a channel between calls, not namespaced for one user."""

META = {"group": "kernel interfaces", "seen": "native:"}


def attack():
    r, e = sysc("add_key", b'user', b'toolreg-k', b'data', 4, -3)
    return f"ESCAPED: reachable ({r},{e})" if r >= 0 else f"contained: errno {e}"
