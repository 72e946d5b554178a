"""Pointers that cannot be read."""

META = {"group": "observation"}


def attack():
    for pointer in (0, 1, 0xDEAD0000, (1 << 47) - 3, -1):
        for name in ("openat", "connect", "unlinkat", "execve"):
            sysc(name, -100, ctypes.c_void_p(pointer & 0xFFFFFFFFFFFFFFFF), ctypes.c_void_p(pointer & 0xFFFFFFFFFFFFFFFF), 0)
    return "contained"
