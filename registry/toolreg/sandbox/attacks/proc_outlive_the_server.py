"""Do not die with the process that started this one."""

META = {"group": "processes", "seen": "native:prctl"}


def attack():
    done = libc.prctl(1, 0, 0, 0, 0) == 0
    return "ESCAPED: the signal was switched off" if done else "contained"
