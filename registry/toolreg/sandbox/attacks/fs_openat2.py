"""Read through openat2."""

META = {"group": "files", "seen": "read:{secret_file}"}


def attack():
    import struct

    handle, number = sysc("openat2", -100, T["secret_file"].encode(), struct.pack("QQQ", 0, 0, 0), 24)
    return "ESCAPED: openat2" if handle >= 0 else f"contained: errno {number}"
