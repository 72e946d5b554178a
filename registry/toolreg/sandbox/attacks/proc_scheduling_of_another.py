"""Slow another process down."""

META = {"group": "processes", "seen": "native:setpriority"}


def attack():
    pid = T["victim_pid"]
    done = [name for name, arguments in (("sched_setaffinity", (pid, 8, b"\1" + bytes(7))), ("setpriority", (0, pid, 19)), ("setpriority", (2, os.getuid(), 19)),
            ("ioprio_set", (1, pid, 3 << 13)), ("sched_setscheduler", (pid, 5, bytes(8))), ("migrate_pages", (pid, 1, bytes(8), bytes(8))))
            if sysc(name, *arguments)[0] == 0]
    return f"ESCAPED: {done}" if done else "contained"
