"""Work that a system call filter cannot see."""

META = {"group": "kernel interfaces", "seen": "native:io_uring_setup"}


def attack():
    result, number = sysc("io_uring_setup", 4, bytes(120))
    return "ESCAPED: io_uring" if result >= 0 or number == 14 else f"contained: errno {number}"
