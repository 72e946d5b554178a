"""Compare kernel objects of processes."""

META = {"group": "kernel interfaces", "seen": "native:kcmp"}


def attack():
    result, number = sysc("kcmp", os.getpid(), os.getppid(), 0, 0, 0)
    return "ESCAPED" if result >= 0 else f"contained: errno {number}"
