"""Signal a process by its folder in /proc."""

META = {"group": "processes"}


def attack():
    for pid in (T["victim_pid"], os.getppid(), 1):
        try:
            handle = os.open(f"/proc/{pid}", os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue
        result, number = sysc("pidfd_send_signal", handle, 9 if pid != os.getpid() else 0, 0, 0)
        if result == 0:
            return f"ESCAPED: {pid}"
    return "contained"
