"""System V shared memory, which no limit counts."""

META = {"group": "kernel interfaces", "seen": "native:shmget"}


def attack():
    result, number = sysc("shmget", 0x7071, 1 << 20, 0o1666)
    return "ESCAPED: shmget" if result >= 0 else f"contained: errno {number}"
