"""Hide the flags behind a pointer."""

META = {"group": "processes"}


def attack():
    import struct

    result, number = sysc("clone3", struct.pack("8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0), 64)
    if result == 0:
        os._exit(0)
    return "ESCAPED: clone3" if result > 0 else f"contained: errno {number}"
