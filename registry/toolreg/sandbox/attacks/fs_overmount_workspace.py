"""Bind another folder over the workspace."""

META = {"group": "files", "seen": "native:"}


def attack():
    if libc.mount(b"/usr/share", b".", None, ctypes.c_ulong(4096), None) == 0:
        return "ESCAPED: bind mount"
    return "contained"
