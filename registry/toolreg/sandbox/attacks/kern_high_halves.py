"""Forbidden values with other bits in the upper half, which the kernel ignores."""

META = {"group": "kernel interfaces"}


def attack():
    high = 1 << 32
    number = lambda name: ctypes.c_long(NUMBERS[name])
    def raw(name, *words):
        ctypes.set_errno(0)
        return libc.syscall(number(name), *[ctypes.c_ulong(word) for word in words])
    done = []
    one, other = os.pipe()
    if raw("ioctl", one, 0x5412 | high, 0) == 0: done.append("TIOCSTI")
    if raw("socket", 1 | high, 1, 0) >= 0: done.append("unix socket")
    if raw("socket", 17 | high, 3 | high, 0) >= 0: done.append("packet socket")
    if raw("socket", 2, 3 | high, 255 | high) >= 0: done.append("raw socket")
    if raw("fcntl", one, 8 | high, os.getpid()) == 0: done.append("F_SETOWN")
    if raw("fcntl", one, 1026 | high, 1) == 0: done.append("F_NOTIFY")
    if raw("prctl", 4 | high, 1, 0, 0, 0) == 0: done.append("dumpable")
    if raw("clone", 17 | high, 0, 0, 0, 0) > 0: done.append("fork")
    if T["own_network"] is False and raw("kill", T["victim_pid"] | high, 0) == 0: done.append("kill")
    if raw("prlimit64", T["victim_pid"] | high, 7, 0, 0) == 0: done.append("limits")
    return f"ESCAPED: {done}" if done else "contained"
