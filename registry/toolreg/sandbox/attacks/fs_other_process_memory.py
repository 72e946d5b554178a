"""Write another process's memory."""

META = {"group": "files", "seen": "/proc/"}


def attack():
    for pid in (1, os.getppid(), T["victim_pid"]):
        try:
            with open(f"/proc/{pid}/mem", "r+b"):
                return f"ESCAPED: memory of {pid}"
        except OSError:
            pass
    return "contained"
