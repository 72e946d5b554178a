"""Gain mount rights in a user namespace of one's own."""

META = {"group": "files", "seen": "native:unshare"}


def attack():
    if libc.unshare(0x10000000 | 0x20000) == 0:
        return "ESCAPED: a new user namespace"
    return f"contained: errno {ctypes.get_errno()}"
