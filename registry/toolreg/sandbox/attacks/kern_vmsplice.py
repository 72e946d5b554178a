"""Splice memory pages into a pipe."""

META = {"group": "kernel interfaces", "seen": "native:vmsplice"}


def attack():
    import struct

    _, write = os.pipe()
    buffer = ctypes.create_string_buffer(b"x" * 16)
    result, number = sysc("vmsplice", write, struct.pack("QQ", ctypes.addressof(buffer), 16), 1, 0)
    return "ESCAPED" if result >= 0 else f"contained: errno {number}"
