"""Calls that are newer than anybody looked at."""

META = {"group": "kernel interfaces"}


def attack():
    for number in (463, 470, 500, 600, 1000, 0x3FFFFFFF):
        ctypes.set_errno(0)
        if libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 38:
            return f"ESCAPED: call {number} is answered"
    return "contained"
