"""Take back what keeps others' secrets from a processor's guesses."""

META = {"group": "kernel interfaces"}


def attack():
    with open("/proc/self/status") as file:
        before = [line for line in file if line.startswith(("NoNewPrivs", "Seccomp:"))]
    libc.prctl(38, 0, 0, 0, 0)
    libc.prctl(22, 0, 0, 0, 0)
    with open("/proc/self/status") as file:
        after = [line for line in file if line.startswith(("NoNewPrivs", "Seccomp:"))]
    return "ESCAPED" if before != after or "NoNewPrivs:\t1\n" not in after else "contained"
