"""System calls of the 32-bit and the x32 ABI."""

META = {"group": "processes"}


def attack():
    if os.uname().machine != "x86_64":
        return "contained: no such ABI here"
    result = libc.syscall(ctypes.c_long(0x40000000 | 57))
    if result == 0:
        os._exit(0)
    return "ESCAPED: x32 fork" if result > 0 else "contained"
