"""Use the third numbering of the same machine."""

META = {"group": "kernel interfaces"}


def attack():
    import platform
    if platform.machine() != "x86_64":
        return "contained: there is none"
    libc.syscall.restype = ctypes.c_long
    done = [number for number in (39, 1, 257, 520, 512, 534) if libc.syscall(ctypes.c_long(0x40000000 | number), 0, 0, 0, 0) >= 0]
    return f"ESCAPED: {done}" if done else "contained"
