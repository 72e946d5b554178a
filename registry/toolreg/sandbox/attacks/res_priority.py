"""Negative nice / realtime scheduling."""

META = {"group": "resources", "seen": "native:setpriority"}


def attack():
    for f in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -10), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))):
        try: f(); return "ESCAPED: priority raised"
        except OSError: pass
    return "contained"
