"""Uncover what lies beneath a mount."""

META = {"group": "files", "seen": "native:umount2"}


def attack():
    for target in (b"/proc", b"/tmp", b"/work", b"/usr/lib", b"/"):
        if libc.umount2(target, 2) == 0:
            return f"ESCAPED: unmounted {target}"
    return "contained"
