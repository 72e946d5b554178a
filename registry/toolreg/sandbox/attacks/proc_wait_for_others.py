"""Wait for, and so learn of, processes that are not one's own."""

META = {"group": "processes"}


def attack():
    for pid in (T["victim_pid"], os.getppid() or 1):
        for wait in (lambda: os.waitpid(pid, os.WNOHANG), lambda: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), lambda: os.getsid(pid) if pid == T["victim_pid"] and T["own_network"] else 1 / 0):
            try:
                wait()
                return f"ESCAPED: {pid}"
            except (OSError, ZeroDivisionError):
                pass
    return "contained"
