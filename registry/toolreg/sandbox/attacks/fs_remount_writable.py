"""Remount the read-only root and the libraries writable."""

META = {"group": "files", "seen": "native:mount"}


def attack():
    for target in (b"/", b"/usr/lib", b"/proc", b"/work"):
        if libc.mount(None, target, None, ctypes.c_ulong(32 | 4096), None) == 0:
            return f"ESCAPED: remounted {target}"
    return "contained"
