"""Mount tmpfs/bind/remount read-write."""

META = {"group": "files", "seen": "native:mount"}


def attack():
    for a in ((b"x", b"/tmp", b"tmpfs", 0, None), (b"/", b"/tmp", None, 4096, None), (None, b"/usr", None, 32 | 4096, None), (None, b"/", None, 32 | 4096, None)):
        if libc.mount(*a) == 0: return f"ESCAPED: mount {a}"
    return f"contained: errno {ctypes.get_errno()}"
